/** How a test watcher lists what can be typed while it waits. */
export const watcherKeys = /^Type `\w+` followed by enter to /u;
