namespace FusionKernels.Kernels.Matching;

/// <summary>Scores of all pairs of two sets as Sinkhorn's iterations read them, stored or computed again at every pass.</summary>
internal interface ITransportPasses
{
    /// <summary>log of the sum over the other set of exp(its potential + factor score), for every row, or for every column.</summary>
    /// <param name="ofColumns">Whether one value per column is asked for, not one per row.</param>
    /// <param name="potentials">One for each of the other set; -infinity leaves it out.</param>
    /// <param name="factor">Factor of the scores.</param>
    /// <param name="logSums">Receives the logarithms; -infinity where nothing is summed.</param>
    void LogSums(bool ofColumns, ReadOnlySpan<double> potentials, double factor, Span<double> logSums);
}
