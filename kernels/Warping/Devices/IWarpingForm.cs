namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a form of the team kernel can do; constants of its compilation.</summary>
internal interface IWarpingForm
{
    /// <summary>Whether samples have one channel, which stays in registers, and the cost is a constant too.</summary>
    static abstract bool IsOneChannel { get; }

    /// <summary>Whether there may be a window.</summary>
    static abstract bool HasWindow { get; }
}

/// <summary>One channel, the whole table.</summary>
internal readonly struct WholeForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => true;

    /// <inheritdoc/>
    public static bool HasWindow => false;
}

/// <summary>One channel, within a window.</summary>
internal readonly struct WindowedForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => true;

    /// <inheritdoc/>
    public static bool HasWindow => true;
}

/// <summary>Any cost, channels, window; may store the table.</summary>
internal readonly struct GeneralForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => false;

    /// <inheritdoc/>
    public static bool HasWindow => true;
}
