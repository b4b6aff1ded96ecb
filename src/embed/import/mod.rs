//! How does a published model become a pack?
//!
//! Reads what sentence-transformers publishes: BERT weights, `tokenizer.json`, `config.json`, and the pooling's
//! configuration. Bytes come in and bytes go out.

mod facts;
mod files;
mod onnx;
mod tensors;
mod vocabulary;
mod weights;

pub use files::ModelFiles;

use super::Embedder;
use super::pack::{ARCHITECTURE, Document, FORMAT, MAGIC, NO_CHECKSUM, NO_FINGERPRINT, write};
use crate::{Code, Error, Result};
use facts::Facts;
use vocabulary::OwnedVocabulary;
use weights::Weights;

/// Rounding to int8 changes a vector by less than this.
const LEAST_SIMILARITY: f32 = 0.99;

/// The pack of a model under `name`, or the one in its configuration; the same files give the same bytes.
///
/// Fails with `model-format` where a file is missing, or the model is not a BERT encoder with WordPiece.
pub fn import(files: &ModelFiles, name: Option<&str>) -> Result<Vec<u8>> {
    let facts = Facts::read(files)?;
    let vocabulary = OwnedVocabulary::read(files)?;
    let weights = Weights::read(files)?;
    let tensors = tensors::all(&weights, &facts.config)?;
    let pack = write(&Document {
        magic: MAGIC,
        format: FORMAT,
        checksum: NO_CHECKSUM,
        name: name.unwrap_or(&facts.name),
        fingerprint: NO_FINGERPRINT,
        architecture: ARCHITECTURE,
        config: facts.config.clone(),
        pooling: facts.pooling,
        normalize: facts.normalize,
        max_tokens: facts.max_tokens,
        tokenizer: vocabulary.view(),
        tensors: tensors.iter().map(tensors::NamedTensor::entry).collect(),
    })?;
    let embedder = Embedder::open(pack.clone())?;
    embedder.verify()?;
    files.onnx().map_or(Ok(()), |graph| compare(&embedder, graph))?;
    Ok(pack)
}

/// The model as an ONNX graph at full precision: what a pack is measured against.
pub fn to_onnx(files: &ModelFiles) -> Result<Vec<u8>> {
    onnx::write(&Weights::read(files)?, &Facts::read(files)?.config)
}

/// A graph may compute something else than its weights suggest: then the pack would be another model.
fn compare(embedder: &Embedder, graph: &[u8]) -> Result<()> {
    for text in ["hello", "turn a table of measurements into a chart"] {
        let ids = embedder.tokens(text)?;
        let similarity = embedder.similarity(text, &onnx::Oracle::new(graph, ids.len())?.run(&ids)?)?;
        if similarity < LEAST_SIMILARITY {
            return Err(unsupported("the graph computes something else than a BERT encoder")
                .at("model.onnx")
                .expected(format!("a cosine of at least {LEAST_SIMILARITY}"))
                .got(similarity));
        }
    }
    Ok(())
}

fn unsupported(message: impl Into<String>) -> Error {
    Error::new(Code::ModelFormat, message)
        .help("models that can be imported are BERT encoders with WordPiece, as sentence-transformers publishes them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::pack::Kind;
    use safetensors::tensor::{Dtype, TensorView};
    use std::collections::BTreeMap;

    const HIDDEN: usize = 32;
    const INNER: usize = 64;
    const WORDS: [&str; 8] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "turn", "table", "chart"];

    /// Numbers that look random and are the same every time.
    fn noise(count: usize, seed: usize) -> Vec<u8> {
        let value = |i: usize| (((i + seed) * 7919 % 2003) as f32 / 1001.5 - 1.0) * 0.3;
        (0..count).flat_map(|i| value(i).to_le_bytes()).collect()
    }

    fn shapes() -> Vec<(String, Vec<usize>)> {
        let norm = |name: &str| [(format!("{name}.weight"), vec![HIDDEN]), (format!("{name}.bias"), vec![HIDDEN])];
        let linear = |name: String, out: usize, inputs: usize| {
            [(format!("{name}.weight"), vec![out, inputs]), (format!("{name}.bias"), vec![out])]
        };
        let tables = [("word", WORDS.len()), ("position", 16), ("token_type", 2)];
        let table = |(kind, rows): (&str, usize)| (format!("embeddings.{kind}_embeddings.weight"), vec![rows, HIDDEN]);
        let mut shapes: Vec<_> = tables.into_iter().map(table).chain(norm("embeddings.LayerNorm")).collect();
        for layer in ["encoder.layer.0", "encoder.layer.1"] {
            for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"]
            {
                shapes.extend(linear(format!("{layer}.{part}"), HIDDEN, HIDDEN));
            }
            shapes.extend(linear(format!("{layer}.intermediate.dense"), INNER, HIDDEN));
            shapes.extend(linear(format!("{layer}.output.dense"), HIDDEN, INNER));
            shapes.extend(norm(&format!("{layer}.attention.output.LayerNorm")));
            shapes.extend(norm(&format!("{layer}.output.LayerNorm")));
        }
        shapes
    }

    type Numbers = (String, Dtype, Vec<usize>, Vec<u8>);

    fn serialised(tensors: &[Numbers]) -> Vec<u8> {
        let views = tensors
            .iter()
            .map(|(name, kind, shape, data)| (name.as_str(), TensorView::new(*kind, shape.clone(), data).unwrap()));
        safetensors::serialize(views, None).unwrap()
    }

    fn floats() -> Vec<Numbers> {
        let numbers = |(i, (name, shape)): (usize, (String, Vec<usize>))| {
            let data = noise(shape.iter().product(), i * 31);
            (name, Dtype::F32, shape, data)
        };
        shapes().into_iter().enumerate().map(numbers).collect()
    }

    /// Words in 2 bits and other matrices in 4, with their scales; words in `width` numbers that a projection widens.
    fn integers(width: usize) -> Vec<Numbers> {
        let mut tensors = floats();
        tensors[0].2[1] = width;
        tensors.push(("embeddings.projection.weight".into(), Dtype::F32, vec![HIDDEN, width], Vec::new()));
        let is_matrix = |name: &str| !name.contains("token_type");
        let matrices = tensors.iter_mut().filter(|(name, _, shape, _)| shape.len() == 2 && is_matrix(name));
        let scales = matrices.map(|(name, kind, shape, data)| {
            let number: fn(usize) -> i8 = match name.contains("word") {
                true => |i| (i * 7919 % 4) as i8 * 2 - 3,
                false => |i| (i * 7919 % 16) as i8 - 8,
            };
            (*kind, *data) = (Dtype::I8, (0..shape[0] * shape[1]).map(|i| number(i) as u8).collect());
            (format!("{name}_scale"), Dtype::F32, vec![shape[0]], noise(shape[0], 5))
        });
        let scales: Vec<_> = scales.collect();
        tensors.extend(scales);
        tensors
    }

    fn tiny_integers() -> BTreeMap<String, Vec<u8>> {
        let mut files = tiny();
        let config = String::from_utf8(files["config.json"].clone()).unwrap();
        files.insert("config.json".to_owned(), config.replacen('{', "{\"embedding_size\":16,", 1).into_bytes());
        files.insert("model.safetensors".to_owned(), serialised(&integers(16)));
        files
    }

    fn tiny() -> BTreeMap<String, Vec<u8>> {
        let config = serde_json::json!({
            "model_type": "bert", "hidden_act": "gelu", "hidden_size": HIDDEN, "intermediate_size": INNER,
            "num_attention_heads": 2, "num_hidden_layers": 2, "vocab_size": WORDS.len(),
            "max_position_embeddings": 16, "layer_norm_eps": 1e-12,
        });
        let vocabulary: BTreeMap<&str, usize> = WORDS.iter().enumerate().map(|(id, word)| (*word, id)).collect();
        let tokenizer = serde_json::json!({
            "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
        });
        BTreeMap::from([
            ("config.json".to_owned(), config.to_string().into_bytes()),
            ("tokenizer.json".to_owned(), tokenizer.to_string().into_bytes()),
            ("model.safetensors".to_owned(), serialised(&floats())),
        ])
    }

    #[test]
    fn a_graph_made_from_weights_imports_to_the_same_pack() {
        let pack = import(&ModelFiles::new(tiny()), Some("tiny")).unwrap();
        let mut files = tiny();
        files.insert("model.onnx".to_owned(), to_onnx(&ModelFiles::new(tiny())).unwrap());
        files.remove("model.safetensors");
        assert_eq!(import(&ModelFiles::new(files), Some("tiny")).unwrap(), pack);
    }

    #[test]
    fn published_integers_are_packed_as_they_are_in_as_few_bits_as_they_fit() {
        let files = ModelFiles::new(tiny_integers());
        let pack = import(&files, None).unwrap();
        let document: Document = rmp_serde::from_slice(&pack).unwrap();
        let tensor = |name: &str| document.tensors.iter().find(|tensor| tensor.name == name).unwrap();
        let (words, projection) = (tensor("embeddings.word"), tensor("embeddings.projection"));
        assert_eq!((words.kind, words.data.len()), (Kind::Int2, WORDS.len() * 16 / 4));
        assert_eq!((projection.kind, projection.data.len()), (Kind::Int4, HIDDEN * 16 / 2));
        assert_eq!(projection.scales, noise(HIDDEN, 5));
        let graph = to_onnx(&files).unwrap();
        compare(&Embedder::open(pack).unwrap(), &graph).unwrap();
    }

    #[test]
    fn integers_with_other_scales_are_refused() {
        let mut tensors = integers(16);
        let scale = tensors.iter_mut().find(|tensor| tensor.0.ends_with("query.weight_scale")).unwrap();
        (scale.2, scale.3) = (vec![HIDDEN - 1], noise(HIDDEN - 1, 5));
        let mut files = tiny_integers();
        files.insert("model.safetensors".to_owned(), serialised(&tensors));
        let error = import(&ModelFiles::new(files), None).unwrap_err().to_string();
        assert!(error.contains("query.weight_scale") && error.contains("expected 32, got 31"), "{error}");
    }

    #[test]
    fn shapes_that_cannot_be_run_are_refused_before_weights_are_read() {
        for (said, odd) in [("\"hidden_size\":32", "\"hidden_size\":0"), ("{", "{\"embedding_size\":0,")] {
            let mut files = tiny();
            let config = String::from_utf8(files["config.json"].clone()).unwrap();
            assert!(config.contains(said));
            files.insert("config.json".to_owned(), config.replacen(said, odd, 1).into_bytes());
            assert_eq!(import(&ModelFiles::new(files), None).unwrap_err().code(), Code::ModelCorrupt);
        }
    }

    #[test]
    fn other_models_and_missing_files_are_refused_by_name() {
        for missing in ["config.json", "tokenizer.json", "model.safetensors"] {
            let mut files = tiny();
            files.remove(missing);
            let error = import(&ModelFiles::new(files), None).unwrap_err();
            assert!(error.code() == Code::ModelFormat && error.to_string().contains(missing), "{error}");
        }
        let mut files = tiny();
        let config = String::from_utf8(files["config.json"].clone()).unwrap().replace("\"bert\"", "\"mpnet\"");
        files.insert("config.json".to_owned(), config.into_bytes());
        assert!(import(&ModelFiles::new(files), None).unwrap_err().to_string().contains("`mpnet`"));
    }

    #[test]
    fn cut_packs_never_panic() {
        let pack = import(&ModelFiles::new(tiny()), None).unwrap();
        for length in (0..pack.len()).step_by(97) {
            assert!(Embedder::open(pack[..length].to_vec()).is_err(), "{length} bytes");
        }
    }
}
