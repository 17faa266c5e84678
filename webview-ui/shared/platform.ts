/** The person's machine, whatever the session's is. */
export const onMac = navigator.userAgent.includes("Mac");
