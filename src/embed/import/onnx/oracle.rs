//! What does the graph itself give, at full precision, through tract's own operators?

use std::io::Cursor;

use tract_onnx::prelude::*;

use crate::embed::import::unsupported;
use crate::{Error, Result};

/// An ONNX encoder for texts of one length.
pub struct Oracle {
    plan: Arc<TypedRunnableModel>,
    tokens: usize,
}

impl Oracle {
    /// Prepares the graph for texts of `tokens` tokens.
    pub fn new(file: &[u8], tokens: usize) -> Result<Self> {
        prepare(file, tokens).map(|plan| Oracle { plan, tokens }).map_err(unrunnable)
    }

    /// The last layer's rows, one for each id.
    pub fn run(&self, ids: &[i64]) -> Result<Vec<f32>> {
        self.rows(ids).map_err(unrunnable)
    }

    fn rows(&self, ids: &[i64]) -> TractResult<Vec<f32>> {
        let plane =
            |values: Vec<i64>| Tensor::from_shape(&[1, self.tokens], &values).map(|tensor| tensor.into_tvalue());
        let count = self.plan.model().input_outlets()?.len();
        let values = [ids.to_vec(), vec![1; ids.len()], vec![0; ids.len()]];
        let inputs = values.into_iter().take(count).map(plane).collect::<TractResult<TVec<_>>>()?;
        let outputs = self.plan.run(inputs)?;
        Ok(outputs[0].try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
    }
}

fn prepare(file: &[u8], tokens: usize) -> TractResult<Arc<TypedRunnableModel>> {
    let mut model = tract_onnx::onnx().model_for_read(&mut Cursor::new(file))?;
    for input in 0..model.input_outlets()?.len() {
        model.set_input_fact(input, i64::fact([1, tokens]).into())?;
    }
    model.into_optimized()?.into_runnable()
}

fn unrunnable(error: TractError) -> Error {
    unsupported("the graph does not run").at("model.onnx").caused_by(format!("{error:#}"))
}
