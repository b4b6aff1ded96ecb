const { SkillMesh } = require("skillmesh");
const { ask } = require("./ask.js");

SkillMesh.load("registry.msgpack")
  .then(ask)
  .then((answers) => console.log(JSON.stringify(answers)));
