/** The model pack of all-MiniLM-L6-v2, as the option `model` of SkillMesh and DocSearch takes it: 23 MB, English, 384 dimensions. */
export declare const minilm: URL;
