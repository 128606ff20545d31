namespace FusionKernels.Bench;

/// <summary>A case as it is listed, before any memory is taken for it.</summary>
/// <remarks>Public because BenchmarkDotNet holds one as the parameter of the benchmark.</remarks>
public sealed class CaseEntry
{
    private readonly Func<BenchCase> _create;

    internal CaseEntry(string name, string family, DeviceSession session, bool isDouble, int threads, Func<BenchCase> create)
    {
        (Name, Family) = (name, family);
        Session = session;
        IsDouble = isDouble;
        Threads = threads;
        _create = create;
    }

    /// <summary>The case's name.</summary>
    public string Name { get; }

    /// <summary>The family of kernels that it measures: one of <see cref="CaseCatalog.Families"/>.</summary>
    internal string Family { get; }

    /// <summary>Where it runs.</summary>
    internal DeviceSession Session { get; }

    /// <summary>Whether it computes in float64.</summary>
    internal bool IsDouble { get; }

    /// <summary>Host threads; 0 on an accelerator.</summary>
    internal int Threads { get; }

    /// <summary><c>float32</c> or <c>float64</c>.</summary>
    internal string Precision => IsDouble ? "float64" : "float32";

    /// <summary>What the result may be off by, as a part of the largest value: beyond it the case has failed.</summary>
    internal double Tolerance => Allowed ?? (IsDouble ? 1e-10 : 1e-4);

    /// <summary>A tolerance of the case's own, where a search ends at one; null for rounding's.</summary>
    internal double? Allowed { get; init; }

    /// <summary>Takes memory and prepares the operands.</summary>
    internal BenchCase Create() => _create();

    /// <summary>What <c>--filter</c> sees, e.g. <c>gemm float32 host 2t</c>.</summary>
    public override string ToString() =>
        $"{Name} {Precision} {Session.Device.Description.Name}{(Threads == 0 ? "" : $" {Threads}t")}";
}
