/** Files of the system that its start, its users or its network depend on. Snippets in folders such as `cron.d` are not. */
const critical =
  /^\/(?:etc\/(?:passwd|shadow|group|gshadow|sudoers|fstab|crypttab|hosts|hostname|resolv\.conf|nsswitch\.conf|ld\.so\.\w+|crontab|profile|environment|exports|ssh\/.*|pam\.d\/.*|sudoers\.d\/.*|systemd\/system\.conf)|boot\/.*|proc\/(?:sys\/.*|sysrq-trigger))$/;
const system = /^\/(?:etc|bin|sbin|lib(?:32|64)?|usr\/(?:bin|sbin|lib(?:32|64|exec)?|share)|System|Library|sys)\//;
const snippet =
  /^\/(?:etc|usr\/share)\/(?:.*\.d|.*keyrings?|docker|containers|nginx\/sites-available|systemd\/system)\//;
const logins = /(?:^|\/)\.ssh\/(?:authorized_keys2?|config|rc|environment)$/;
const startFile =
  /(?:^~|\/(?:home\/[^/]+|root|Users\/[^/]+)|^\$\{?HOME\}?)\/\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|zlogin|config\/fish\/config\.fish|gitconfig|config\/git\/config|npmrc|netrc|vimrc|inputrc|xinitrc)$/;

/** Whether writing to the file changes the system, or who may log in; appending is less than overwriting. */
export function isSystemFile(file: string, appends: boolean): boolean {
  return critical.test(file) || logins.test(file) || (!appends && system.test(file) && !snippet.test(file));
}

/** Those of the above that a copy or a move may not put in place either. */
export function isCriticalFile(file: string): boolean {
  return critical.test(file) || logins.test(file) || startFile.test(file);
}

/** Settings of a person that a shell or Git runs commands from. */
export function isStartFile(file: string): boolean {
  return startFile.test(file);
}
