import { databaseRules } from "./databaseRules";
import { fileRules } from "./fileRules";
import { gitRules } from "./gitRules";
import { serviceRules } from "./serviceRules";
import { systemRules } from "./systemRules";
import type { PolicyRule } from "./policyRule";

export const policyRules: readonly PolicyRule[] = [
  ...fileRules,
  ...gitRules,
  ...databaseRules,
  ...serviceRules,
  ...systemRules,
];
