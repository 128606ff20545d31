namespace FusionKernels.Tests.HardUse;

/// <summary>One small call of a public operation, and everything that it answers as numbers.</summary>
/// <param name="Family">The heading that it belongs to.</param>
/// <param name="Name">Type and method, then in words which of its forms.</param>
/// <param name="Run">Makes the call.</param>
/// <param name="OnHostOnly">Whether the operation refuses other devices than the host.</param>
internal sealed record PublicCall(string Family, string Name, Func<CallSite, object?> Run, bool OnHostOnly = false)
{
    /// <summary>Type and method.</summary>
    public string Operation => Name.Split(' ')[0];

    /// <summary>Makes the call and takes its answer apart; what the answer holds on the device is given back.</summary>
    public double[] Answer(CallSite site)
    {
        object? result = Run(OnHostOnly && site.Device?.Description.Kind != DeviceKind.Host ? site with { Device = null } : site);
        try
        {
            return Numbers.Of(result);
        }
        finally
        {
            (result as IDisposable)?.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
