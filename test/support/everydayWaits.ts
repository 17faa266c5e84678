import type { EverydayWait } from "./everydayWait";
import { loginWaits } from "./loginWaits";

const git = "git -c user.name=Ada -c user.email=ada@example.org";

export const everydayWaits: readonly EverydayWait[] = [
  ...loginWaits,
  {
    name: "rm",
    needs: ["rm"],
    run: "touch precious; rm -i precious; ls precious; echo removed=$?",
    steps: [{ asks: /remove regular empty file 'precious'\?/, kind: "confirm", options: ["y", "n"], answer: "yes" }],
    gives: /removed=2/,
  },
  {
    name: "read",
    needs: [],
    run: "read -p 'Name of the release: ' x; echo got=$x",
    steps: [{ asks: /Name of the release:/, kind: "question", options: [], answer: "blue moon" }],
    gives: /got=blue moon/,
  },
  {
    name: "hidden",
    needs: [],
    run: 'read -s -p "Passphrase: " x; echo; echo "${#x} letters"',
    steps: [{ asks: /Passphrase:/, kind: "password", answer: { secret: "correct-horse-9" } }],
    gives: /15 letters/,
  },
  {
    name: "python",
    needs: ["python3"],
    run: `python3 -c 'x = input("Which port? "); print("got=" + x)'`,
    steps: [{ asks: /Which port\?/, kind: "question", options: [], answer: "8080" }],
    gives: /got=8080/,
  },
  {
    name: "patch",
    needs: ["git"],
    run: [
      "git init -q picked && cd picked && seq 30 > a && git add a",
      `${git} commit -qm one && sed -i.old 's/^2$/two/;s/^28$/last/' a && git add -p a`,
      "git diff --cached --stat; cd ..",
    ].join("; "),
    steps: [
      { asks: /\(1\/2\) Stage this hunk/, kind: "confirm", answer: "n" },
      { asks: /\(2\/2\) Stage this hunk/, kind: "confirm", answer: "y" },
    ],
    gives: /1 insertion\(\+\), 1 deletion/,
  },
  {
    // A state of packages of its own, in which nothing can be harmed; answered with no.
    name: "apt",
    needs: ["apt-get"],
    run: [
      "printf 'Package: tiny\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\nMaintainer: A\\n\\n' > status",
      'apt-get -o Dir::State::status="$PWD/status" -o Debug::NoLocking=1 install tiny-',
      "echo left=$?",
    ].join("; "),
    steps: [{ asks: /Do you want to continue\?/, kind: "confirm", options: ["y", "n"], answer: "n" }],
    gives: /left=1/,
  },
  {
    name: "npm",
    needs: ["npm"],
    run: "mkdir -p packed && cd packed && npm init; cat package.json; cd ..",
    steps: [
      { asks: /package name:/, kind: "question", answer: "blue-moon" },
      ...["version:", "description:", "entry point:", "test command:", "git repository:", "keywords:", "author:"].map(
        (words) => ({ asks: new RegExp(words), kind: "question", answer: "" }),
      ),
      { asks: /license:/, kind: "question", answer: "MIT" },
      { asks: /type:/, kind: "question", answer: "", optional: true },
      { asks: /Is this OK\?/, kind: "confirm", answer: "yes" },
    ],
    gives: /"name": "blue-moon"/,
  },
];
