namespace FusionKernels;

/// <summary>How a trained network combines what it makes of each view.</summary>
public enum FusionRule
{
    /// <summary>Gated units: for each feature of the code, a gate over the present views (Arevalo et al. 2017).</summary>
    Gated,

    /// <summary>Feature-wise linear modulation of each view by the others (Perez et al. 2018).</summary>
    Film,

    /// <summary>A linear map of each view and of the outer product of each two (Tenenbaum and Freeman 2000).</summary>
    Bilinear,

    /// <summary>A linear map of the outer product of all views, each with 1 appended (Zadeh et al. 2017).</summary>
    Tensor,

    /// <summary>The same with a tensor of weights of low rank (Liu et al. 2018).</summary>
    LowRank,

    /// <summary>A sum weighed by what a small network says of each view of the row (Bahdanau, Cho and Bengio 2015).</summary>
    AttentionPool,

    /// <summary>A sum weighed by one learned number for each view.</summary>
    WeightedSum,

    /// <summary>A token of each view, with its embedding, and self-attention (Vaswani et al. 2017).</summary>
    Attention,

    /// <summary>Every view looks at every other one, over their tokens (Tsai et al. 2019).</summary>
    CrossModal,

    /// <summary>Learned queries look at the tokens of all views (Jaegle et al. 2021).</summary>
    Latent,

    /// <summary>Each view's tokens look at themselves and at a few tokens that all views share (Nagrani et al. 2021).</summary>
    Bottleneck,

    /// <summary>A graph of rows and views, whose edges are the present cells, with edge dropout; it also fills absent cells (You et al. 2020).</summary>
    Graph,

    /// <summary>Each view is translated to each other one and back; the code that does so is what is learned from (Pham et al. 2019). It also fills absent cells.</summary>
    Translation,
}
