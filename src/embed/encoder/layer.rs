//! What has every layer in common?

/// A map from rows to rows of f32, one per token.
pub(super) trait Layer {
    /// What a row is made of.
    type Input;

    /// The width of a row of output.
    fn width(&self) -> usize;

    /// Fills `output`, which holds zeros.
    fn run(&self, input: &[Self::Input], output: &mut [f32]);

    /// The rows for so many tokens.
    fn rows(&self, tokens: usize, input: &[Self::Input]) -> Vec<f32> {
        let mut output = vec![0.0; tokens * self.width()];
        self.run(input, &mut output);
        output
    }
}
