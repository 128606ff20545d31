namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Where a pair of series and its results lie on a device.</summary>
internal struct SoftDevicePair
{
    /// <summary>The first channel of the first sample of x.</summary>
    public long X;

    /// <summary>That of y.</summary>
    public long Y;

    /// <summary>Where the first row of each diagonal stands; the last rows follow.</summary>
    public long Band;

    /// <summary>Samples of x.</summary>
    public int Rows;

    /// <summary>Samples of y.</summary>
    public int Columns;
}

/// <summary>Sizes and places of one launch over pairs, as a kernel argument.</summary>
/// <remarks>A pair's working memory: ring, what is passed back, shares of a block, what stood before each block, gradients, value, arrivals of a block.</remarks>
internal struct SoftGradientShape
{
    /// <summary>The block of diagonals that the launch computes.</summary>
    public int Block;

    /// <summary>Diagonals of a block.</summary>
    public int BlockDiagonals;

    /// <summary>1 where the launch keeps shares and goes back over the block, else 0.</summary>
    public int GoesBack;

    /// <summary>1 where what arrives in each cell is kept, block by block.</summary>
    public int KeepsArrivals;

    /// <summary>Channels of a sample.</summary>
    public int Channels;

    /// <summary>Elements of an array over the rows, from row -1 on.</summary>
    public int Stride;

    /// <summary>Elements of a pair's working memory.</summary>
    public long WorkPerPair;

    /// <summary>Where what is passed back begins in it.</summary>
    public long Passed;

    /// <summary>Where the shares begin.</summary>
    public long Shares;

    /// <summary>Where what stood before the second block begins.</summary>
    public long Saved;

    /// <summary>Where the gradient of x begins.</summary>
    public long GradientX;

    /// <summary>Where the gradient of y begins.</summary>
    public long GradientY;

    /// <summary>Where the value begins: a significand and an exponent.</summary>
    public long Value;

    /// <summary>Where the arrivals begin.</summary>
    public long Arrivals;
}
