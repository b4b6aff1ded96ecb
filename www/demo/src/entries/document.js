// A document, with the search box above it.

import docs from "../../.stage/data/docs.msgpack?url";
import model from "../../.stage/data/minilm.msgpack?url";
import { searchBox } from "../search-box.js";
import { common } from "./common.js";

common();
searchBox(docs, model);
