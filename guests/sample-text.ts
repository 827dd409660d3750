/**
 * The text in guests/data/sample.txt: prose of our own about the machine, long enough to span
 * several pages of guest memory. It is generated, so that nothing about it needs explaining, and
 * it is always the same.
 */

const CHAPTERS = 18;
const PARAGRAPHS_PER_CHAPTER = 6;
const SENTENCES_PER_PARAGRAPH = 6;
const LINE_WIDTH = 78;

const SUBJECTS = [
  "the pager",
  "a careful kernel",
  "the translation table",
  "the page daemon",
  "an old shadow object",
  "the process that had just been born",
  "its patient parent",
  "the fault handler",
  "a wired page",
  "the free list",
  "a reader of the manual",
  "the smallest of the programs",
  "the clock hand",
  "a page nobody had touched yet",
  "the map entry at the top of the tree",
  "the translator",
];

const VERBS = [
  "waits for",
  "remembers",
  "borrows from",
  "never looks twice at",
  "hands a clean copy to",
  "asks politely about",
  "keeps a place for",
  "gives way to",
  "writes a short note about",
  "follows the pointer to",
  "takes the lock before",
  "counts the references of",
  "is older than",
  "was split in two by",
  "makes room for",
];

const PLACES = [
  "in the quiet part of the address space",
  "at the bottom of the shadow chain",
  "behind the guard page",
  "near the end of the stack",
  "between two mappings that never meet",
  "on the inactive queue",
  "in the last page of the file",
  "where the zero page ends",
  "under the lock of the map",
  "on the far side of the fork",
  "just below the commpage",
];

const TURNS = [
  "and nobody minds",
  "because the permission bits say so",
  "until the last reference goes away",
  "although the manual promises nothing of the kind",
  "so the write goes to a copy and the original stays as it was",
  "which takes longer to tell than to do",
  "and the instruction starts again as if nothing had happened",
  "for a fault is only a question with an answer",
  "while the table walker climbs down three levels and back",
  "as it does every time and will do tomorrow",
];

const OPENINGS = [
  "",
  "",
  "",
  "At first ",
  "Now and then ",
  "In the end ",
  "Before long ",
  "Still, ",
];

/** A number in [0, below), the next of a fixed sequence. */
type Choose = (below: number) => number;

function fixedSequence(): Choose {
  let state = 2463534242; // xorshift32, Marsaglia's seed
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function sentence(choose: Choose): string {
  const pick = (words: readonly string[]): string => words[choose(words.length)]!;
  const ending = choose(3) === 0 ? "." : `, ${pick(TURNS)}.`;
  const body = `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(SUBJECTS)} ${pick(PLACES)}${ending}`;
  const text = pick(OPENINGS) + body;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Breaks a paragraph into lines of at most LINE_WIDTH characters. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** The whole text, ASCII, about 80 KiB, ending in a newline. */
export function sampleText(): string {
  const choose = fixedSequence();
  const parts = ["THE BOOK OF PAGES"];
  for (let chapter = 1; chapter <= CHAPTERS; chapter++) {
    parts.push(`Chapter ${String(chapter)}`);
    for (let paragraph = 0; paragraph < PARAGRAPHS_PER_CHAPTER; paragraph++) {
      const sentences = Array.from({ length: SENTENCES_PER_PARAGRAPH }, () => sentence(choose));
      parts.push(wrap(sentences.join(" ")));
    }
  }
  return parts.join("\n\n") + "\n";
}
