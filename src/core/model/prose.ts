/** Words of sentences that no command has as its second word or later, other than in quotes. */
const joining = /\b(?:the|an?|and|or|so|that|with|for|to|of|in|is|are|it|my|our|all|from|should|please|make sure)\b/gi;
/** Programs whose arguments are sentences. */
const speaking = /^(?:echo|printf|say|git|gh|wall|logger|figlet|cowsay|wsh-orchestrator)\b/;
/** What shells read as more than words. */
const shellSigns = /[|&;<>()$`\\"'*?[\]{}=~#/]|(?:^|\s)-{1,2}\w/;

/** Whether a line reads like a sentence for people, which a shell would take for a command. */
export function looksLikeProse(line: string): boolean {
  const text = line.trim();
  if (speaking.test(text)) return false;
  const sentence = text.replace(/[.!?…]+$/u, "");
  const words = sentence.split(/\s+/);
  if (words.length < 3 || shellSigns.test(sentence)) return false;
  const joins = sentence.match(joining)?.length ?? 0;
  const isSentence = /^\p{Lu}/u.test(sentence) || sentence !== text;
  return joins >= 2 || (isSentence && (joins >= 1 || words.length >= 4));
}
