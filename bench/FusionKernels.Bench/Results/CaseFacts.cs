namespace FusionKernels.Bench;

/// <summary>What remains of a case when its memory is gone.</summary>
/// <param name="Shape">The sizes, in words.</param>
/// <param name="Work">What one run has to do.</param>
/// <param name="HasFloor">Whether the device's rates bound it.</param>
/// <param name="MaxError">How far its result was from the reference.</param>
internal sealed record CaseFacts(string Shape, Work Work, bool HasFloor, double MaxError)
{
    /// <summary>Of a case that ran.</summary>
    public static CaseFacts Of(BenchCase one) => new(one.Shape, one.Work, one.HasFloor, one.MaxError());
}
