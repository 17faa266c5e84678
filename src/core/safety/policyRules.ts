import { agentRules } from "./agentRules";
import { cloudRules } from "./cloudRules";
import { clusterRules } from "./clusterRules";
import { databaseRules } from "./databaseRules";
import { diskRules } from "./diskRules";
import { fileRules } from "./fileRules";
import { gitRules } from "./gitRules";
import { migrationRules } from "./migrationRules";
import { networkRules } from "./networkRules";
import { packageRules } from "./packageRules";
import type { PolicyRule } from "./policyRule";
import { publishRules } from "./publishRules";
import { serviceRules } from "./serviceRules";
import { systemRules } from "./systemRules";

export const policyRules: readonly PolicyRule[] = [
  ...fileRules,
  ...diskRules,
  ...gitRules,
  ...databaseRules,
  ...migrationRules,
  ...packageRules,
  ...publishRules,
  ...serviceRules,
  ...clusterRules,
  ...cloudRules,
  ...systemRules,
  ...networkRules,
  ...agentRules,
];
