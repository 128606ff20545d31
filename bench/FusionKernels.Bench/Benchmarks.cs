using BenchmarkDotNet.Attributes;

namespace FusionKernels.Bench;

/// <summary>Every case as one parameter of one BenchmarkDotNet benchmark.</summary>
public class Benchmarks
{
    private BenchCase? _case;

    /// <summary>The case that runs.</summary>
    [ParamsSource(nameof(Selected))]
    public CaseEntry Case { get; set; } = null!;

    /// <summary>The cases that were asked for.</summary>
    public static IEnumerable<CaseEntry> Selected => BenchmarkDotNetRun.Entries;

    /// <summary>Measures the device's peaks and prepares the operands.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        Case.Session.Measure(Case.IsDouble, Case.Threads);
        _case = Case.Create();
    }

    /// <summary>Measures the peaks once more, checks the last result against the reference and gives the memory back.</summary>
    [GlobalCleanup]
    public void Check()
    {
        Case.Session.Measure(Case.IsDouble, Case.Threads);
        BenchmarkDotNetRun.Keep(Case, CaseFacts.Of(_case!));
        _case!.Dispose();
        Case.Session.Device.Trim();
    }

    /// <summary>Runs it once.</summary>
    [Benchmark]
    public void Run() => _case!.Run();
}
