namespace FusionKernels;

/// <summary>How much the cost of a cell counts, by the move that arrives there (Rabiner and Juang 1993, section 4.7.2.4).</summary>
public enum StepWeighting
{
    /// <summary>(a) The lesser of the rows and the columns moved. No normalisation.</summary>
    Lesser,

    /// <summary>(b) The greater of both. No normalisation.</summary>
    Greater,

    /// <summary>(c) The rows moved: normalised by the length of x.</summary>
    Rows,

    /// <summary>(d) Their sum: normalised by the sum of the lengths.</summary>
    Sum,
}
