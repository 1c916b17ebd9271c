import { testJournal } from "./journal-conformance.ts";
import { MemoryJournal } from "./memory-journal.ts";

testJournal(async () => new MemoryJournal());
