const esc = "\u001b";
const bel = "\u0007";
const st = `${esc}\\`;

/** Sequences that must be gone without a trace where text is kept. */
export const hostile: readonly string[] = [
  `${esc}[31m`, `${esc}[1;38;5;200m`, `${esc}[?25l`, `${esc}[2J`, `${esc}[H`, `${esc}[>c`, `${esc}[6n`, `${esc}[!p`, `${esc}[?1049h`, `${esc}[38:2::1:2:3m`, `${esc}[ q`, `${esc}[200~`, `${esc}[201~`,
  "\u009b31m", "\u009b?1049h", `${esc}]0;owned${bel}`, `${esc}]0;owned${st}`, `${esc}]2;x\u009c`, "\u009d0;title\u0007", "\u009d0;title\u009c", `${esc}]52;c;ZWNobw==${bel}`, `${esc}]8;;http://evil${st}`,
  `${esc}]133;A;k=1${st}`, `${esc}]1337;File=name=x:AAAA${bel}`, `${esc}]777;notify;t;b${bel}`, `${esc}]9;4;1;50${bel}`, `${esc}]4;1;?${bel}`, `${esc}]11;?${st}`, `${esc}Pq#0;2;0;0;0${st}`, `${esc}P$q"p${st}`,
  "\u0090q#1~~\u009c", `${esc}_Gf=24;AAAA${st}`, "\u009fGx\u009c", `${esc}^private${st}`, "\u009eprivate\u009c", `${esc}Xstring${st}`, "\u0098string\u009c", `${esc}ktitle${st}`, `${esc}(B`, `${esc}#8`, `${esc}c`, `${esc}7`,
  `${esc}8`, `${esc}=`, `${esc}>`, `${esc}M`, `${esc}%G`, `${esc} F`, bel, "\b", "\r", "\u000b", "\u000c", "\u000e", "\u000f", "\u0000", "\u007f", "\u0085", "\u009c", "\u200b", "\u200e", "\u200f", "\u202a",
  "\u202e", "\u2066", "\u2069", "\u2028", "\u2029", "\ufeff", "\u2060", "\u061c", "\u{e0041}", "\u200d", "\u200c", `${esc}Ptmux;${esc}${esc}]0;t${bel}${st}`, `${esc}[31;${esc}[32m`, `${esc}]0;cancelled\u0018`,
];

/** What programs draw with, one picture each, for a terminal of 60 columns and 20 rows. */
export const drawings: readonly (readonly [name: string, output: string])[] = [
  ["the 16 colours", Array.from({ length: 8 }, (_, index) => `${esc}[3${index}m f${esc}[9${index}m F${esc}[0m${esc}[4${index}m b${esc}[10${index}m B${esc}[0m\r\n`).join("")],
  ["the 256 colours", Array.from({ length: 256 }, (_, index) => `${esc}[48;5;${index}m${esc}[38;5;${255 - index}mx`).join("")],
  ["24-bit colours", Array.from({ length: 40 }, (_, index) => `${esc}[38;2;${index * 6};${255 - index * 6};128m${esc}[48;2;20;${index * 3};30m#`).join("")],
  ["attributes", `${[1, 2, 3, 4, 7, 8, 9].map((code) => `${esc}[${code}mtext ${code}${esc}[0m `).join("")}\r\n${esc}[1;3;4;9mall${esc}[22mno bold${esc}[23mno italic${esc}[24;29mplain`],
  ["attributes with colours", [1, 2, 3, 4, 7, 9].flatMap((one) => [31, 44, 93, 107].map((two) => `${esc}[${one};${two}mx${esc}[0m`)).join(" ")],
  ["inverse of everything", `${esc}[7minverse ${esc}[31mred ${esc}[44mon blue ${esc}[1mbold ${esc}[2mfaint${esc}[27m not`],
  ["bold in bright colours", `${esc}[1;34mbold blue${esc}[22m blue ${esc}[1;38;5;4mbold 4 ${esc}[38;5;12mbold 12 ${esc}[38;2;0;0;200mbold rgb`],
  ["wide characters", "\u6f22\u5b57|\ud55c\uae00|\uff21\uff22|\u3042\u3044|"],
  ["wide characters at the edge", `${"x".repeat(59)}\u6f22\u5b57`],
  ["half of a wide character overwritten", `\u6f22\u5b57\u6f22${esc}[1;2Hx${esc}[1;5Hy`],
  ["emoji", "\u{1f44d}|\u{1f680}|\u2764|\u2764\ufe0f|\u{1f468}\u200d\u{1f469}|\u{1f1e8}\u{1f1ff}|"],
  ["marks", "e\u0301|a\u0308\u0323|\u0915\u094d\u0937|\u05e9\u05b8\u05dc|"],
  ["right to left", "\u05e9\u05dc\u05d5\u05dd abc \u0645\u0631\u062d\u0628\u0627 123"],
  ["frames and blocks", "\u250c\u2500\u252c\u2510\r\n\u2502 \u2588\u2591\u2502\r\n\u2514\u2500\u2534\u2518 \u25cf\u25b6\u2713\u00b5\u00e9\u03bb\u0416"],
  ["line drawing set", `${esc}(0lqqwqqk\r\nx  x  x\r\nmqqvqqj${esc}(B plain`],
  ["cursor movements", `one${esc}[5;10Htwo${esc}[2Athree${esc}[3Dx${esc}[10Gy${esc}7${esc}[15;1Hz${esc}8w`],
  ["erasing", `${"abcdefghij\r\n".repeat(6)}${esc}[2;4H${esc}[K${esc}[3;4H${esc}[1K${esc}[4;1H${esc}[2K${esc}[44m${esc}[5;3H${esc}[K${esc}[6;2H${esc}[3X`],
  ["erasing below and above", `${"abcdefghij\r\n".repeat(8)}${esc}[6;3H${esc}[J${esc}[3;3H${esc}[1J`],
  ["inserting and deleting", `${"abcdefghij\r\n".repeat(5)}${esc}[2;3H${esc}[2@${esc}[3;3H${esc}[2P${esc}[4;1H${esc}[L${esc}[2;1H${esc}[M`],
  ["margins", `${"line\r\n".repeat(10)}${esc}[3;6r${esc}[6;1H\nnew\n\n${esc}[3;1H${esc}M${esc}Mtop${esc}[r`],
  ["tabs", `a\tb\tc${esc}[1;9H${esc}[g\r\na\tb${esc}[20G${esc}H\r\na\tb\tc`],
  ["wrapping", `${"abcdefghi ".repeat(13)}\r\n${esc}[?7l${"0123456789".repeat(7)}${esc}[?7h`],
  ["scrolling", Array.from({ length: 60 }, (_, index) => `${esc}[3${index % 8}mline ${index}${esc}[0m\r\n`).join("")],
  ["the alternate screen", `before${esc}[?1049h${esc}[2J${esc}[5;5H${esc}[7mFULL${esc}[0m`],
  ["back from the alternate screen", `before${esc}[?1049h${esc}[2Jgone${esc}[?1049l after`],
  ["all of the screen filled", `${esc}#8`],
  ["blanks with a style", `${esc}[44m   ${esc}[0m   ${esc}[4m   ${esc}[0m   ${esc}[7m   `],
  ["hostile sequences", hostile.map((sequence) => `a${sequence}b`).filter((text) => !/\u001b(?:c|#8|\[2J|\[\?1049h|\]4;|\]11;)/.test(text)).join("")],
];
