/**
 * Variables that decide which program a name means, or whom it speaks to. A session that was started with others than
 * its caller has is a surprise worth a sentence; all others change with every log-in and mean nothing.
 */
export const tellingVariables: readonly string[] = [
  ...[
    "PATH",
    "SHELL",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "NVM_BIN",
    "JAVA_HOME",
    "GOROOT",
    "RUSTUP_TOOLCHAIN",
    "RBENV_VERSION",
  ],
  ...["PYENV_VERSION", "PYTHONPATH", "NODE_ENV", "NODE_OPTIONS", "LD_LIBRARY_PATH", "IN_NIX_SHELL", "DIRENV_DIR"],
  ...["AWS_PROFILE", "AWS_REGION", "KUBECONFIG", "DOCKER_HOST", "DOCKER_CONTEXT", "GOOGLE_CLOUD_PROJECT"],
  ...["CLOUDSDK_ACTIVE_CONFIG_NAME", "AZURE_CONFIG_DIR", "TF_WORKSPACE", "DATABASE_URL", "SSH_AUTH_SOCK"],
  ...["GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"],
];

/** Names of telling variables that are others there than here, or set on one side only; none where nothing is known. */
export function changedVariables(
  started: Readonly<Record<string, string>> | undefined,
  here: Readonly<Record<string, string>>,
): string[] {
  if (started === undefined || Object.keys(here).length === 0) return [];
  return tellingVariables.filter((name) => started[name] !== here[name]);
}
