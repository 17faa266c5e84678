/** How a real agent program is made to talk to the scripted model: without network, login or cost. */
export interface AgentProgram {
  /** Package and version on the registry; other versions draw other screens. */
  readonly package: string;
  /** What it is started by, in a shell. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Its settings by their path in its home. */
  readonly files: Readonly<Record<string, string>>;
}

export interface AgentPlace {
  /** Address of the model. */
  readonly url: string;
  readonly home: string;
  /** Folder that it works in. */
  readonly folder: string;
}

export type AgentName = keyof typeof agentPrograms;

const json = (value: unknown): string => JSON.stringify(value, null, 2);

export const agentPrograms = {
  codex: ({ url, folder }: AgentPlace): AgentProgram => ({
    package: "@openai/codex@0.169.0",
    // Without it each home gets a process in the background.
    command: "codex --no-daemon",
    environment: { MODEL_KEY: "dummy" },
    files: {
      ".codex/config.toml": [
        'model = "gpt-5.2-codex"',
        'model_provider = "local"',
        "check_for_update_on_startup = false",
        "[analytics]",
        "enabled = false",
        "[model_providers.local]",
        'name = "local"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "MODEL_KEY"',
        "[tui]",
        "screen_reader_detection_done = true",
        "[tui.model_availability_nux]",
        '"gpt-6.1-sol" = 1',
        `[projects."${folder}"]`,
        'trust_level = "trusted"',
      ].join("\n"),
    },
  }),
  claude: ({ url, folder }: AgentPlace): AgentProgram => ({
    package: "@anthropic-ai/claude-code@2.1.330",
    command: "claude",
    environment: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "dummy-key-of-the-local-test-server",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY: "1",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_MAX_RETRIES: "3",
    },
    files: {
      ".claude.json": json({
        hasCompletedOnboarding: true,
        lastOnboardingVersion: "2.1.330",
        theme: "dark",
        autoUpdates: false,
        // The last 20 characters of the key; without them it asks whether the key may be used.
        customApiKeyResponses: { approved: ["he-local-test-server"], rejected: [] },
        projects: { [folder]: { hasTrustDialogAccepted: true } },
      }),
    },
  }),
  gemini: ({ url }: AgentPlace): AgentProgram => ({
    package: "@google/gemini-cli@0.61.0",
    command: "gemini",
    environment: { GEMINI_API_KEY: "dummy", GOOGLE_GEMINI_BASE_URL: url },
    files: {
      ".gemini/settings.json": json({
        security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    },
  }),
  opencode: ({ url }: AgentPlace): AgentProgram => ({
    package: "opencode-ai@1.18.33",
    command: "opencode",
    environment: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      OPENCODE_DISABLE_SHARE: "1",
    },
    files: {
      ".config/opencode/opencode.json": json({
        model: "local/test-model",
        small_model: "local/test-model",
        autoupdate: false,
        share: "disabled",
        provider: {
          local: {
            npm: "@ai-sdk/openai-compatible",
            name: "Local",
            options: { baseURL: `${url}/v1`, apiKey: "dummy" },
            models: { "test-model": { name: "Test Model" } },
          },
        },
      }),
    },
  }),
  qwen: ({ url }: AgentPlace): AgentProgram => ({
    package: "@qwen-code/qwen-code@0.24.4",
    command: "qwen",
    environment: { OPENAI_API_KEY: "dummy", OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: "test-model" },
    files: {
      ".qwen/settings.json": json({
        security: { auth: { selectedType: "openai" } },
        general: { enableAutoUpdate: false },
        ui: { enableFollowupSuggestions: false, enableUserFeedback: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    },
  }),
  copilot: ({ url, folder }: AgentPlace): AgentProgram => ({
    package: "@github/copilot@1.0.102",
    command: "copilot",
    environment: {
      COPILOT_OFFLINE: "true",
      COPILOT_PROVIDER_TYPE: "openai",
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_API_KEY: "dummy",
      COPILOT_MODEL: "gpt-5-mini",
      COPILOT_AUTO_UPDATE: "false",
    },
    files: { ".copilot/config.json": json({ trustedFolders: [folder] }) },
  }),
  cline: ({ url, home }: AgentPlace): AgentProgram => ({
    package: "cline@3.0.65",
    // Keeps its background process from starting.
    command: `cline --data-dir ${home}/.cline/data`,
    environment: { CLINE_NO_AUTO_UPDATE: "1", DO_NOT_TRACK: "1" },
    files: {
      ".cline/data/settings/providers.json": json({
        version: 1,
        lastUsedProvider: "openai-compatible",
        modes: {},
        providers: {
          "openai-compatible": {
            settings: {
              provider: "openai-compatible",
              apiKey: "dummy",
              model: "test-model",
              baseUrl: `${url}/v1`,
            },
            updatedAt: "2026-01-01T00:00:00.000Z",
            tokenSource: "manual",
          },
        },
      }),
      ".cline/data/settings/global-settings.json": json({ telemetryOptOut: true, autoUpdateEnabled: false }),
      // Advertisements come up after its composer and swallow the first key.
      ".cline/data/settings/cli-notices.json": json({
        shown: { "cline-cli-cline-pass-intro": true, "cline-cli-desktop-launch": true },
      }),
    },
  }),
} as const;
