namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>What a call tells beside its results.</summary>
internal sealed class SpectraOutcome
{
    /// <summary>The route that was taken, in words.</summary>
    public string Route { get; set; } = "";
}
