import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** One thing that a program asks, by its words, and what a person answers to it. */
export interface AskedStep {
  readonly asks: RegExp;
  readonly kind: string;
  /** Absent: the options are no part of what is checked. */
  readonly options?: readonly string[];
  /** `secret`: through a pipe, since it is never an argument. */
  readonly answer: string | { readonly secret: string };
  /** Only some versions of the program ask it. */
  readonly optional?: true;
}

/** A program that waits for its person every day. */
export interface EverydayWait {
  readonly name: string;
  /** Programs that have to be there. */
  readonly needs: readonly string[];
  /** Typed into a session of bash whose folder is the workspace. */
  readonly run: string;
  readonly steps: readonly AskedStep[];
  /** In the output of the whole command once it has gone on. */
  readonly gives: RegExp;
}

const git = "git -c user.name=Ada -c user.email=ada@example.org";

export const everydayWaits: readonly EverydayWait[] = [
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

/** Why a wait cannot be tried on this machine; undefined: it can. */
export function missingFor({ needs }: Pick<EverydayWait, "needs">): string | undefined {
  const lacking = needs.filter((program) => !isOnPath(program));
  return lacking.length === 0 ? undefined : `${lacking.join(" and ")} is not installed`;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
