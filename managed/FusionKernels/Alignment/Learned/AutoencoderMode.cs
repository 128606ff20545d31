namespace FusionKernels;

/// <summary>How an autoencoder of several views makes its code, and what teaches it.</summary>
public enum AutoencoderMode
{
    /// <summary>The mean of the codes of the views that are there; every view is rebuilt from all, from each alone and from some by chance, and codes of views are made to correlate (Chandar et al. 2016, CorrNet).</summary>
    Correlational,

    /// <summary>The code of one view rebuilds all of them (Ngiam et al. 2011; Wang et al. 2015, SplitAE).</summary>
    Split,

    /// <summary>A normal distribution over codes: the product of a standard one and of one for each view that is there, taught by the evidence bound (Kingma and Welling 2014; Wu and Goodman 2018).</summary>
    Variational,
}
