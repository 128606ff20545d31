namespace FusionKernels;

/// <summary>How a QR factorisation is computed.</summary>
public enum QrRoute
{
    /// <summary>Householder reflectors in blocks, on the host; for any matrix.</summary>
    Householder,

    /// <summary>Householder's method on blocks of rows, their triangles stacked and factored in a fixed tree, on the host; for many more rows than columns.</summary>
    TallSkinny,

    /// <summary>Cholesky factors of AᵀA, repeated until Q is orthonormal, on an accelerator; for at least as many rows as columns that are not dependent.</summary>
    CholeskyQr,
}
