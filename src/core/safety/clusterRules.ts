import { anyArgument, anyOf, noneOf, subcommand } from "./policyConditions";
import type { PolicyRule } from "./policyRule";

/** Clusters, what runs in them, and what many programs share: queues, secrets, configuration. */
export const clusterRules: readonly PolicyRule[] = [
  {
    id: "kubernetes-delete",
    calls: {
      "kubectl oc k3s microk8s kubectl.exe": `
        delete|drain|cordon|taint|evict, replace --force, kubectl delete|drain|taint, rollout undo,
        rollout restart|pause -A|--all-namespaces|--all, scale --replicas=0, apply --prune,
        config delete-*|unset, certificate deny`,
      "kubectl oc": "patch",
      "kubeadm k0s rke rke2 k3s-uninstall.sh": "reset|remove",
      "istioctl linkerd cilium": "uninstall|uninject",
      kops: "delete",
      skaffold: "delete",
    },
    when: anyOf(noneOf(subcommand("patch")), anyArgument(/\bnull\b|"op"\s*:\s*"remove"/)),
    reason: "deletes, evicts or replaces resources in a cluster",
    match: [
      "kubectl delete pod x",
      "kubectl -n prod delete -f x.yaml",
      "oc delete project x",
      "kubectl rollout undo deploy/web",
      "kubectl rollout restart deploy -A",
      "kubectl taint nodes n1 k=v:NoExecute",
      `kubectl patch pvc x -p '{"metadata":{"finalizers":null}}'`,
      `kubectl patch svc x --type json -p '[{"op": "remove", "path": "/spec"}]'`,
      "kubectl scale deploy/web --replicas=0",
    ],
    not_match: [
      "kubectl get pods",
      "kubectl apply -f x.yaml",
      "kubectl delete pod x --dry-run=client",
      "kubectl describe pod delete",
      "kubectl rollout restart deploy/web",
      "kubectl rollout status deploy/web",
      `kubectl patch deploy x -p '{"spec":{"replicas":2}}'`,
      "kubectl scale deploy/web --replicas=3",
    ],
  },
  {
    id: "helm-uninstall",
    calls: {
      "helm helmfile flux argocd": "uninstall|delete|del|un|destroy|rollback, app delete|rollback, upgrade --force",
      helm: "plugin|repo uninstall|remove|rm",
    },
    reason: "removes or replaces a release or an application in a cluster",
    match: [
      "helm uninstall web",
      "helm -n prod delete web",
      "helm rollback web 1",
      "helm upgrade --install web . --force",
    ],
    not_match: [
      "helm list",
      "helm upgrade --install web .",
      "helm upgrade web . --force --dry-run",
      "helm history web",
    ],
  },
  {
    id: "cluster-service",
    calls: {
      talosctl: "reset|wipe|shutdown|reboot|rollback",
      velero: "** delete",
      nomad:
        "stop, job|alloc|deployment stop|revert|fail, namespace|volume|var|quota delete|purge, system gc, node drain|purge",
      consul: "kv delete, leave|force-leave, services deregister, acl ** delete, config delete, snapshot restore",
      vault: `
        delete|destroy, kv delete|destroy|metadata, secrets|auth|audit disable, policy|namespace delete, lease|token revoke,
        operator seal|step-down|rekey|raft`,
      etcdctl: "del, member remove, snapshot restore, user|role delete|revoke*",
      "zkcli zkcli.sh": "** delete|deleteall|rmr",
    },
    when: noneOf(({ positionals: [first, second, third] }) =>
      [`${first} ${second} ${third}`].some((told) =>
        /^(?:kv metadata (?:get|list|put)|operator raft list-)/.test(told),
      ),
    ),
    reason: "deletes what a cluster keeps, or stops parts of it",
    match: [
      "talosctl reset",
      "velero backup delete x --confirm",
      "nomad job stop -purge x",
      "consul kv delete -recurse x",
      "vault kv delete secret/x",
      "vault secrets disable kv",
      "etcdctl del x",
    ],
    not_match: [
      "talosctl health",
      "velero backup get",
      "nomad job status x",
      "consul kv get x",
      "vault kv get secret/x",
      "vault kv metadata get secret/x",
      "etcdctl get x",
    ],
  },
  {
    id: "queue-delete",
    calls: {
      rabbitmqctl: "reset|force_reset|stop|stop_app|shutdown|purge_queue|delete_*|forget_cluster_node|clear_*",
      rabbitmqadmin: "delete|purge",
      "kafka-topics kafka-topics.sh kafka-configs kafka-configs.sh kafka-acls kafka-acls.sh":
        "--delete|--delete-config|--remove",
      "kafka-consumer-groups kafka-consumer-groups.sh": "--delete|--delete-offsets, --reset-offsets --execute",
      "kafka-delete-records kafka-delete-records.sh kafka-storage.sh": "**",
      rpk: "topic|group|acl|user|cluster delete|trim-prefix|seek",
      nats: "stream|consumer|kv|object purge|rm|delete|del, stream edit, account ** purge",
      "pulsar-admin mqadmin": "** delete*|unload|clear-backlog, deleteTopic",
      celery: "** purge",
      "sidekiqctl rq": "empty",
    },
    reason: "deletes messages or queues that other programs use",
    match: [
      "rabbitmqctl reset",
      "kafka-topics --delete --topic x --bootstrap-server b",
      "kafka-delete-records --offset-json-file x",
      "nats stream purge x -f",
      "celery -A app purge",
    ],
    not_match: [
      "rabbitmqctl list_queues",
      "kafka-topics --list --bootstrap-server b",
      "kafka-consumer-groups --reset-offsets --dry-run --group g",
      "nats stream ls",
      "celery -A app worker",
    ],
  },
];
