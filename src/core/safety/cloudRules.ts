import type { PolicyRule } from "./policyRule";

const infrastructure = "terraform tofu terragrunt";

/** What runs at hosters and in clouds, and the programs that describe it. */
export const cloudRules: readonly PolicyRule[] = [
  {
    id: "infrastructure-destroy",
    calls: {
      [infrastructure]: `
        destroy, ** destroy, apply -auto-approve|--auto-approve|-auto-approve=true|-destroy|-replace|--replace, apply ?*,
        state rm|push|replace-provider, workspace delete, taint, force-unlock, run-all apply|destroy`,
      pulumi:
        "destroy, up|update -y|--yes|-f|--skip-preview, stack rm, state delete|unprotect, cancel, refresh -y|--yes",
      "cdk cdktf serverless sls sst packer copilot sam amplify":
        "destroy|remove|delete, * remove|delete|destroy, stack delete",
      cdk: "deploy --require-approval=never|--force, deploy never --require-approval",
      ansible: "** !--list-hosts",
    },
    when: ({ program, args }) =>
      program !== "ansible" ||
      /\bstate=(?:absent|stopped)\b|(?:^| )(?:-m ?|--module-name[ =])reboot\b/.test(args.join(" ")),
    reason: "destroys or changes infrastructure, or deletes its stored state",
    match: [
      "terraform destroy",
      "terraform apply -auto-approve",
      "terraform apply -replace=a.b",
      "terraform apply plan.out",
      "tofu -chdir=x destroy",
      "pulumi destroy --yes",
      "pulumi up --yes",
      "terraform state rm x",
      "terraform state push x",
      "sam delete --no-prompts",
      "copilot svc delete",
      "ansible all -m file -a 'path=/x state=absent'",
      "ansible all -m reboot",
    ],
    not_match: [
      "terraform plan",
      "terraform apply",
      "terraform init",
      "pulumi preview",
      "pulumi up",
      "cdk diff",
      "ansible all -m ping",
      "ansible all --check -m file -a 'path=/x state=absent'",
    ],
  },
  {
    id: "cloud-delete",
    calls: {
      "aws gcloud az gsutil bq doctl eksctl kind k3d minikube ibmcloud oci linode-cli hcloud scw": `
        ** delete|destroy|purge|rb|terminate|terminate-*|delete-*|purge-*|deregister-*|destroy-*|remove-*|empty-*`,
      "aws gcloud az doctl ibmcloud oci linode-cli hcloud scw exo": `
        ** stop|deallocate|suspend|poweroff|power-off|shutdown|reset|rebuild|*-delete|*-stop|*-remove|failover|undelete`,
      aws: `
        * stop-*|detach-*|disable-*|revoke-*|reset-*|cancel-*|reboot-*|release-*|disassociate-*|deactivate-*|reject-*|
        schedule-*-deletion|batch-write-item|change-resource-record-sets|put-bucket-policy|put-key-policy|restore-*|
        update-service|scale-*, s3 rm|rb, s3 sync --delete, s3 mv s3://* ?*`,
      "gcloud gsutil mc s5cmd s3cmd bq":
        "** rm|del|rmdir|mb-rm|expire, ** rsync -d|--delete-unmatched-destination-objects",
      "heroku fly flyctl vercel netlify firebase wrangler railway render": `
        ** delete|destroy|purge|remove|rm|down|*:destroy|*:delete|*:reset|*:disable|*:remove|*:unset|*:kill|*:killall|
        *:clear|*:rollback|rollback|unset|suspend|stop`,
      heroku: "ps:scale|dyno:scale *=0*, ps:stop|ps:restart|maintenance:on|access:remove",
      "fly flyctl": "scale count 0, scale count *=0",
    },
    when: ({ program, args }) =>
      program !== "aws" || !args.includes("update-service") || /--desired-count[ =]0\b/.test(args.join(" ")),
    reason: "deletes, stops or resets resources in the cloud or in a cluster",
    match: [
      "aws s3 rm s3://b --recursive",
      "aws s3 rm s3://b/key",
      "aws s3 rb s3://b",
      "aws ec2 terminate-instances --instance-ids i",
      "aws ec2 stop-instances --instance-ids i",
      "aws ec2 detach-volume --volume-id v",
      "aws kms schedule-key-deletion --key-id k",
      "aws dynamodb batch-write-item --request-items file://d.json",
      "aws ecs update-service --desired-count 0 --service s",
      "gcloud compute instances delete x",
      "gsutil -m rm gs://b/**",
      "az group delete -n x",
      "az vm deallocate -n x",
      "ibmcloud is instance-delete x",
      "heroku apps:destroy x",
      "heroku ps:scale web=0",
      "vercel remove app --yes",
      "railway down",
      "fly scale count 0",
    ],
    not_match: [
      "aws s3 ls",
      "aws s3 cp a s3://b/a",
      "aws s3 sync a s3://b",
      "aws s3 rm s3://b/key --dryrun",
      "aws ec2 describe-instances",
      "aws ec2 stop-instances --dry-run --instance-ids i",
      "aws kms list-keys",
      "aws ecs update-service --desired-count 2 --service s",
      "gcloud compute instances list",
      "gsutil ls gs://b",
      "gsutil rsync a gs://b",
      "az group list",
      "kind get clusters",
      "heroku ps",
      "heroku logs -t",
      "vercel ls",
      "railway status",
    ],
  },
];
