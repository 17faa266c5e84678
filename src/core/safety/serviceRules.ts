import { anyOf, dynamicArgument, type Condition } from "./policyConditions";
import type { PolicyRule } from "./policyRule";

/** Which ones is known only when it runs: `docker stop $(docker ps -q)`, `docker ps -q | xargs docker stop`. */
const unnamed: Condition = anyOf(
  dynamicArgument(/\$\(|`/),
  ({ positionals }) => positionals.length < 2 || (positionals[0] === "container" && positionals.length < 3),
);

/**
 * Containers, and programs that run in the background of this machine. A container that is named may be stopped, and
 * removed once it has stopped (`docker rm web` refuses before); a service may be restarted.
 */
export const serviceRules: readonly PolicyRule[] = [
  {
    id: "container-prune",
    calls: {
      "docker podman nerdctl": `
        ** prune, rm|rmi -f|--force|-v|--volumes, container|image rm|remove -f|--force, volume|network rm|remove,
        stack|swarm|machine|service|node|secret|config|plugin|context|buildx|builder|pod rm|leave|reset|down|remove,
        system reset, volume|image|pod reset, service scale *=0`,
    },
    reason: "deletes containers or what belongs to them, such as images and volumes",
    match: [
      "docker system prune -af",
      "docker rm -f web",
      "docker volume rm data",
      "docker volume prune",
      "docker container rm --force x",
      "docker rmi -f x",
      "docker buildx rm b",
      "docker secret rm x",
    ],
    not_match: [
      "docker rm web",
      "docker ps -a",
      "docker run --rm alpine ls",
      "docker volume ls",
      "docker run -v /a:/b alpine",
      "docker buildx ls",
      "docker secret inspect x",
      "docker network connect a b",
    ],
  },
  {
    id: "containers-unnamed",
    calls: { "docker podman nerdctl": "stop|kill|rm|rmi|pause|restart, container stop|kill|rm|remove|pause|restart" },
    when: unnamed,
    reason: "stops or removes all containers or images that another program lists",
    match: [
      "docker stop $(docker ps -q)",
      "docker rmi $(docker images -q)",
      "docker kill `docker ps -q`",
      "docker ps -aq | xargs docker rm",
    ],
    not_match: ["docker stop web", "docker rmi x:1", "docker stop $NAME", "docker restart web db"],
  },
  {
    id: "compose-down-volumes",
    calls: {
      "docker podman nerdctl": "compose ** down|rm -v|--volumes|--rmi",
      "docker-compose podman-compose": "** down|rm -v|--volumes|--rmi",
    },
    reason: "deletes volumes or images of the services",
    match: [
      "docker compose down -v",
      "docker-compose down --volumes",
      "docker compose -f x.yml down -v --remove-orphans",
    ],
    not_match: ["docker compose down", "docker compose up -d", "docker-compose logs -f"],
  },
  {
    id: "service-stop",
    calls: {
      systemctl: "stop|disable|mask|kill|isolate|revert|set-default|preset-all|daemon-reexec",
      service: "* stop|force-stop",
      "rc-service initctl sv runsvctl": "* stop|down|kill, stop *",
      launchctl: "unload|bootout|remove|kill|disable|stop|reboot",
      brew: "services stop|kill|remove|cleanup",
      pm2: "kill, delete|del|stop all",
      supervisorctl: "stop|remove|shutdown",
      "sc net sc.exe net.exe": "stop|delete",
      "update-rc.d": "* remove|disable",
      chkconfig: "* off, --del",
      nginx: "-s",
      "apachectl apache2ctl httpd monit": "stop|graceful-stop, -k",
      "pg_ctl pg_ctlcluster": "stop|kill|promote, * * stop",
      snap: "stop",
      forever: "stopall",
    },
    reason: "stops or turns off services, which others on this machine may use",
    match: [
      "systemctl stop postgresql",
      "systemctl mask sshd",
      "systemctl isolate rescue",
      "launchctl unload x",
      "pm2 delete all",
      "service nginx stop",
      "brew services stop postgresql",
      "supervisorctl stop all",
    ],
    not_match: [
      "systemctl restart nginx",
      "systemctl status nginx",
      "systemctl enable --now nginx",
      "launchctl list",
      "pm2 delete web",
      "pm2 restart all",
      "service nginx restart",
      "brew services list",
      "nginx -t",
    ],
  },
  {
    id: "machine-delete",
    calls: {
      virsh:
        "undefine|destroy|reset|shutdown|vol-delete|vol-wipe|pool-destroy|pool-delete|net-destroy|net-undefine|*-delete",
      vboxmanage:
        "unregistervm --delete|-delete, closemedium ** --delete, controlvm * poweroff|reset, snapshot * delete|restore",
      "lxc incus": "delete|rm, image|storage|network|profile|project|snapshot ** delete|rm",
      multipass: "delete|purge",
      "colima limactl orb tart prlctl utmctl": "delete|rm|prune|reset|factory-reset",
      "qm pct": "destroy|stop|rollback|delsnapshot",
      govc: "vm.destroy|vm.power|snapshot.remove|datastore.rm|object.destroy",
      "wsl wsl.exe": "--unregister",
      vagrant: "destroy, box remove|prune, snapshot delete|restore",
      "lxc-destroy virt-sysprep": "**",
      machinectl: "remove|clean|terminate|poweroff|kill",
    },
    reason: "deletes a virtual machine or its disks, or turns it off at once",
    match: [
      "virsh undefine vm --remove-all-storage",
      "VBoxManage unregistervm x --delete",
      "lxc delete -f c",
      "multipass delete x --purge",
      "colima delete",
      "vagrant destroy -f",
    ],
    not_match: ["virsh list --all", "VBoxManage list vms", "lxc list", "multipass list", "colima stop", "vagrant halt"],
  },
  {
    id: "device-data",
    calls: {
      adb: "uninstall|reboot|sideload|wipe|unroot, shell pm clear|uninstall|disable-user, shell wipe|reboot",
      fastboot: "erase|flash|format|oem|flashing|update|flashall, -w",
      xcrun: "simctl erase|delete|uninstall",
      "avdmanager ideviceinstaller": "delete, uninstall, -U|--uninstall",
      emulator: "-wipe-data",
    },
    reason: "removes apps or data from a device or an emulator",
    match: [
      "adb uninstall com.x",
      "adb -s dev uninstall com.x",
      "adb shell pm clear com.x",
      "fastboot erase x",
      "xcrun simctl erase all",
    ],
    not_match: ["adb devices", "adb install app.apk", "adb logcat", "fastboot devices", "xcrun simctl list"],
  },
];
