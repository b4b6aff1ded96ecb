//! What can a caller ask of a model pack?

use super::encoder::Encoder;
use super::pack::Pack;
use super::pooling::{normalize, pool};
use crate::{Code, Error, Result};

/// A sentence encoder, opened from a model pack and shared freely between threads.
///
/// ```no_run
/// use skillmesh::embed::Embedder;
/// let pack = std::fs::read("models/skillmesh-mini.msgpack").unwrap();
/// let embedder = Embedder::open(pack)?;
/// let vector = embedder.embed("blur faces in a video")?;
/// assert_eq!(vector.len(), embedder.dimensions());
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub struct Embedder {
    pack: Pack,
    encoder: Encoder,
}

impl Embedder {
    /// Opens a pack; the weights are used where they lie in `pack`.
    ///
    /// Fails with `model-format` for other files, `model-version` for packs of another format version, and
    /// `model-corrupt` for packs that are cut or contradict themselves. A byte changed inside the numbers passes:
    /// [`verify`](Self::verify) finds it.
    ///
    /// ```
    /// use skillmesh::{Code, embed::Embedder};
    /// assert_eq!(Embedder::open(b"GIF89a".to_vec()).err().unwrap().code(), Code::ModelFormat);
    /// ```
    pub fn open(pack: Vec<u8>) -> Result<Self> {
        let pack = Pack::open(pack)?;
        let encoder = Encoder::new(&pack)?;
        Ok(Embedder { pack, encoder })
    }

    /// Checks every byte: the checksum over the file, the fingerprint over the model.
    pub fn verify(&self) -> Result<()> {
        self.pack.verify()
    }

    /// The vector of a text; what lies beyond [`max_tokens`](Self::max_tokens) is not read.
    ///
    /// Fails with `model-corrupt` if the model's numbers overflow.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>> {
        let ids = self.pack.tokenizer.encode(text)?;
        let rows = self.encoder.run(&ids);
        let mut vector = pool(&rows, self.dimensions(), self.pack.pooling);
        if self.pack.normalize {
            normalize(&mut vector);
        }
        finite(vector)
    }

    /// The cosine of a text's vector and the one that `rows` of another run of the model give.
    #[cfg(feature = "import")]
    pub(super) fn similarity(&self, text: &str, rows: &[f32]) -> Result<f32> {
        let mut other = pool(rows, self.dimensions(), self.pack.pooling);
        normalize(&mut other);
        let mut own = self.embed(text)?;
        normalize(&mut own);
        Ok(own.iter().zip(&other).map(|(a, b)| a * b).sum())
    }

    /// The ids that [`embed`](Self::embed) reads for a text, special tokens included.
    pub fn tokens(&self, text: &str) -> Result<Vec<i64>> {
        self.pack.tokenizer.encode(text)
    }

    /// How many tokens the whole text has, special tokens included and nothing cut.
    ///
    /// A text fits if this is at most [`max_tokens`](Self::max_tokens). Takes time in proportion to the text.
    pub fn count_tokens(&self, text: &str) -> Result<usize> {
        self.pack.tokenizer.count(text)
    }

    /// Identifies weights, tokenizer, pooling and dimensions: 64 hexadecimal digits. Vectors of two embedders may
    /// be compared if and only if their fingerprints are equal.
    pub fn fingerprint(&self) -> &str {
        &self.pack.fingerprint
    }

    /// What the model is called; for people, not for comparison.
    pub fn name(&self) -> &str {
        &self.pack.name
    }

    /// The length of every vector.
    pub fn dimensions(&self) -> usize {
        self.pack.config.hidden_size
    }

    /// The most tokens read of a text, special tokens included.
    pub fn max_tokens(&self) -> usize {
        self.pack.tokenizer.max_tokens()
    }
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedder({} {})", self.name(), self.fingerprint())
    }
}

fn finite(vector: Vec<f32>) -> Result<Vec<f32>> {
    match vector.iter().all(|x| x.is_finite()) {
        true => Ok(vector),
        false => Err(Error::new(Code::ModelCorrupt, "the model's numbers overflow").help("import the model again")),
    }
}
