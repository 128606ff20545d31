namespace FusionKernels;

/// <summary>What <see cref="MultiviewCorrelation"/> maximises.</summary>
public enum MultiviewObjective
{
    /// <summary>The sum of the covariances of all pairs of variates, the sum of whose variances is fixed: MCCA (Kettenring 1971; Nielsen 2002).</summary>
    SumCor,

    /// <summary>How well scores that the views share are predicted from every view: GCCA (Carroll 1968), with missing views as van de Velden and Bijmolt (2006).</summary>
    MaxVar,
}
