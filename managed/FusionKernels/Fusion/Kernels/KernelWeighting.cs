namespace FusionKernels;

/// <summary>How the kernels of views become one.</summary>
public enum KernelWeighting
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>Weights in proportion to each kernel's centred alignment with the targets (Cortes, Mohri and Rostamizadeh 2012, "align").</summary>
    Align,

    /// <summary>Weights of 0 or more that align the sum best with the targets ("alignf").</summary>
    AlignF,

    /// <summary>Weights in proportion to what each kernel adds to the margin of the mean (Aiolli and Donini 2015, EasyMKL). Classes only.</summary>
    EasyMkl,

    /// <summary>Weights that make the objective of the support vector machines least, or of ridge regression on targets (Rakotomamonjy, Bach, Canu and Grandvalet 2008, SimpleMKL).</summary>
    SimpleMkl,
}
