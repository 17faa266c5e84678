import { anyArgument, anyOf, flag, positional, subcommand } from "./policyConditions";
import { dryRun, type PolicyRule } from "./policyRule";

const containers = ["docker", "podman", "nerdctl"];

export const serviceRules: readonly PolicyRule[] = [
  {
    id: "container-prune",
    programs: containers,
    when: anyOf(
      positional(/^prune$/),
      (call) => subcommand("rm", "rmi")(call) && flag("f", "force", "v", "volumes")(call),
      (call) => subcommand("volume")(call) && positional(/^(?:rm|remove)$/)(call),
      (call) =>
        subcommand("container", "image")(call) && positional(/^(?:rm|remove)$/)(call) && flag("f", "force")(call),
      (call) => subcommand("stack", "swarm", "machine")(call) && positional(/^(?:rm|leave|reset|down)$/)(call),
    ),
    reason: "deletes containers or what belongs to them, such as images and volumes",
    match: [
      "docker system prune -af",
      "docker rm -f web",
      "docker volume rm data",
      "docker volume prune",
      "docker container rm --force x",
      "docker rmi -f x",
    ],
    not_match: [
      "docker rm web",
      "docker ps -a",
      "docker run --rm alpine ls",
      "docker volume ls",
      "docker run -v /a:/b alpine",
    ],
  },
  {
    id: "compose-down-volumes",
    programs: [...containers, "docker-compose", "podman-compose"],
    when: (call) =>
      positional(/^(?:down|rm)$/)(call) &&
      flag("v", "volumes", "rmi")(call) &&
      (call.program.endsWith("-compose") || subcommand("compose")(call)),
    reason: "deletes volumes or images of the services",
    match: [
      "docker compose down -v",
      "docker-compose down --volumes",
      "docker compose -f x.yml down -v --remove-orphans",
    ],
    not_match: ["docker compose down", "docker compose up -d", "docker-compose logs -f"],
  },
  {
    id: "kubernetes-delete",
    programs: ["kubectl", "oc", "k3s", "microk8s", "kubectl.exe"],
    when: (call) =>
      anyOf(
        subcommand("delete", "drain"),
        (inner) => subcommand("replace")(inner) && flag("force")(inner),
        (inner) => subcommand("kubectl")(inner) && positional(/^delete$/)(inner),
      )(call) && !dryRun(call),
    reason: "deletes, evicts or replaces resources in a cluster",
    match: ["kubectl delete pod x", "kubectl -n prod delete -f x.yaml", "oc delete project x"],
    not_match: [
      "kubectl get pods",
      "kubectl apply -f x.yaml",
      "kubectl delete pod x --dry-run=client",
      "kubectl describe pod delete",
    ],
  },
  {
    id: "helm-uninstall",
    programs: ["helm", "helmfile", "flux", "argocd"],
    when: anyOf(
      subcommand("uninstall", "delete", "del", "un", "destroy"),
      (call) => subcommand("app")(call) && positional(/^delete$/)(call),
    ),
    reason: "removes a release or an application from a cluster",
    match: ["helm uninstall web", "helm -n prod delete web"],
    not_match: ["helm list", "helm upgrade --install web ."],
  },
  {
    id: "infrastructure-destroy",
    programs: [
      "terraform",
      "tofu",
      "terragrunt",
      "pulumi",
      "cdk",
      "cdktf",
      "serverless",
      "sls",
      "sst",
      "vagrant",
      "packer",
      "copilot",
    ],
    when: anyOf(
      positional(/^(?:destroy|remove)$/),
      (call) => positional(/^apply$/)(call) && anyArgument(/^--?(?:auto-approve|destroy)(?:=true)?$/)(call),
      (call) => subcommand("state", "workspace", "stack")(call) && positional(/^(?:rm|delete)$/)(call),
      (call) => call.program === "vagrant" && subcommand("box")(call) && positional(/^prune$/)(call),
    ),
    reason: "destroys or changes infrastructure, or deletes its stored state",
    match: [
      "terraform destroy",
      "terraform apply -auto-approve",
      "tofu -chdir=x destroy",
      "pulumi destroy --yes",
      "terraform state rm x",
    ],
    not_match: ["terraform plan", "terraform apply", "terraform init", "pulumi preview"],
  },
  {
    id: "cloud-delete",
    programs: [
      "aws",
      "gcloud",
      "az",
      "gsutil",
      "bq",
      "doctl",
      "eksctl",
      "kind",
      "k3d",
      "minikube",
      "heroku",
      "fly",
      "flyctl",
      "vercel",
      "netlify",
      "firebase",
      "ibmcloud",
      "oci",
      "linode-cli",
      "hcloud",
      "s3cmd",
      "mc",
      "s5cmd",
      "wrangler",
      "railway",
      "scw",
    ],
    when: anyOf(
      positional(
        /^(?:delete|destroy|purge|rb|terminate|(?:delete|terminate|purge|deregister|destroy|remove|empty|schedule-key-deletion)-.+|.+:(?:destroy|delete|reset|disable)|mb-rm|apps:destroy)$/,
      ),
      (call) =>
        positional(/^(?:rm|del|rmdir)$/)(call) &&
        (flag("r", "R", "recursive", "force", "f")(call) || call.program === "vercel" || call.program === "bq"),
      (call) => positional(/^sync$/)(call) && flag("delete")(call),
    ),
    reason: "deletes or stops resources in the cloud or in a cluster",
    match: [
      "aws s3 rm s3://b --recursive",
      "aws s3 rb s3://b",
      "aws ec2 terminate-instances --instance-ids i",
      "gcloud compute instances delete x",
      "az group delete -n x",
      "heroku apps:destroy x",
    ],
    not_match: [
      "aws s3 ls",
      "aws s3 cp a s3://b/a",
      "gcloud compute instances list",
      "az group list",
      "kind get clusters",
    ],
  },
  {
    id: "publish",
    programs: [
      "npm",
      "pnpm",
      "yarn",
      "bun",
      "cargo",
      "poetry",
      "uv",
      "flit",
      "hatch",
      "twine",
      "gem",
      "vsce",
      "ovsx",
      "lerna",
      "jsr",
      "deno",
      "dotnet",
      "mvn",
      "np",
      "changeset",
    ],
    when: (call) =>
      (positional(/^(?:publish|unpublish|yank)$/)(call) ||
        (call.program === "twine" && subcommand("upload")(call)) ||
        (call.program === "gem" && subcommand("push", "yank")(call)) ||
        (call.program === "npm" && subcommand("unpublish", "deprecate")(call))) &&
      !dryRun(call) &&
      !subcommand("run", "run-script", "test", "install", "add", "i", "view", "help", "exec")(call),
    reason: "publishes, deprecates or removes a version of a package",
    match: [
      "npm publish",
      "npm publish --access public",
      "cargo publish",
      "twine upload dist/*",
      "npm unpublish x --force",
      "yarn npm publish",
    ],
    not_match: ["npm publish --dry-run", "cargo publish --dry-run", "npm pack", "npm run publish", "npm ci"],
  },
  {
    id: "github-delete",
    programs: ["gh", "glab", "hub", "tea"],
    when: anyOf(
      (call) =>
        subcommand(
          "repo",
          "release",
          "secret",
          "variable",
          "ssh-key",
          "gpg-key",
          "run",
          "cache",
          "codespace",
          "cs",
          "label",
          "issue",
          "gist",
          "environment",
          "project",
        )(call) && positional(/^(?:delete|delete-asset|archive)$/)(call),
      (call) => subcommand("api")(call) && /(?:^| )(?:-X|--method)[ =]?DELETE\b/i.test(call.args.join(" ")),
    ),
    reason: "deletes or archives something on GitHub or another Git server",
    match: ["gh repo delete o/r --yes", "gh release delete v1", "gh api -X DELETE repos/o/r"],
    not_match: ["gh repo view", "gh release create v1", "gh pr create --fill"],
  },
];
