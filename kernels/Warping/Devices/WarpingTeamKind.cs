namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Who shares a pair of series on a device.</summary>
internal enum WarpingTeamKind
{
    /// <summary>A warp or an equal part of one.</summary>
    Warp,

    /// <summary>A group.</summary>
    Group,

    /// <summary>One thread.</summary>
    Lone,
}
