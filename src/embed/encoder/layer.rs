//! How does a layer of ours become a node of a tract graph?

use std::fmt::Debug;
use std::sync::Arc;
use tract_core::internal::*;

/// A map from rows to rows of f32, one per token.
pub(super) trait Layer: Debug + Send + Sync + 'static {
    /// What a row is made of.
    type Input: Datum;
    /// The operator's name in the graph.
    const NAME: &'static str;

    /// The width of a row of output.
    fn width(&self) -> usize;

    /// Fills `output`, which holds zeros.
    fn run(&self, input: &[Self::Input], output: &mut [f32]);
}

/// A layer as tract's operator: its weights are shared by all copies of it.
#[derive(Debug)]
pub(super) struct Node<L>(Arc<L>);

impl<L> Node<L> {
    pub fn new(layer: L) -> Self {
        Node(Arc::new(layer))
    }
}

impl<L> Clone for Node<L> {
    fn clone(&self) -> Self {
        Node(self.0.clone())
    }
}

impl<L> PartialEq for Node<L> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<L> Eq for Node<L> {}

impl<L: Layer> Op for Node<L> {
    fn name(&self) -> StaticName {
        L::NAME.into()
    }

    op_as_typed_op!();
}

impl<L: Layer> EvalOp for Node<L> {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let mut output = Tensor::zero::<f32>(&[input.shape()[0], self.0.width()])?;
        self.0.run(input.try_as_plain_ram()?.as_slice()?, output.try_as_plain_ram_mut()?.as_slice_mut()?);
        Ok(tvec!(output.into_tvalue()))
    }
}

impl<L: Layer> TypedOp for Node<L> {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let rows = inputs[0].shape[0].clone();
        Ok(tvec!(f32::fact([rows, self.0.width().into()])))
    }

    as_op!();
}
