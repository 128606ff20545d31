namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Tiles of pairs; see <see cref="IAttentionTile"/>.</summary>
internal enum AttentionTile
{
    /// <summary>4 queries by 128 keys.</summary>
    Slim,

    /// <summary>32 by 32.</summary>
    Square32,

    /// <summary>64 by 64.</summary>
    Square64,
}
