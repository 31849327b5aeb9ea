// The console's pages, in the order of their tabs.
//
// Each is a function (main, {session, feed, item}) that fills main, and returns `dispose()` for when it is
// left and, where an item of it has an address, `to(item)`.

import { failures } from "./failures/page.js";
import { inbox } from "./inbox/page.js";
import { load } from "./load/page.js";
import { quota } from "./quota/page.js";
import { scenarios } from "./scenarios/page.js";
import { sessions } from "./sessions/page.js";
import { traffic } from "./traffic/page.js";

export const PAGES = { traffic, inbox, failures, scenarios, quota, sessions, load };
