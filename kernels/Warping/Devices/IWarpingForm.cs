namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a form of the team kernel can do; constants of its compilation.</summary>
internal interface IWarpingForm
{
    /// <summary>Whether samples have one channel, which stays in registers, and the cost is a constant too.</summary>
    static abstract bool IsOneChannel { get; }

    /// <summary>Whether there may be a window.</summary>
    static abstract bool HasWindow { get; }

    /// <summary>Whether it can keep cells for a table or for paths.</summary>
    static abstract bool Keeps { get; }
}

/// <summary>One channel, the whole table.</summary>
internal readonly struct WholeForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => true;

    /// <inheritdoc/>
    public static bool HasWindow => false;

    /// <inheritdoc/>
    public static bool Keeps => false;
}

/// <summary>One channel, within a window.</summary>
internal readonly struct WindowedForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => true;

    /// <inheritdoc/>
    public static bool HasWindow => true;

    /// <inheritdoc/>
    public static bool Keeps => false;
}

/// <summary>One channel, within a window, and its cells are kept: the bits of the forms that keep none.</summary>
internal readonly struct KeepingForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => true;

    /// <inheritdoc/>
    public static bool HasWindow => true;

    /// <inheritdoc/>
    public static bool Keeps => true;
}

/// <summary>Any cost, channels, window; may keep cells.</summary>
internal readonly struct GeneralForm : IWarpingForm
{
    /// <inheritdoc/>
    public static bool IsOneChannel => false;

    /// <inheritdoc/>
    public static bool HasWindow => true;

    /// <inheritdoc/>
    public static bool Keeps => true;
}
