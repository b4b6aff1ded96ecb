// A document, with the search box above it.

import { searchBox } from "../search-box.js";
import { common } from "../common.js";

common();
searchBox();
