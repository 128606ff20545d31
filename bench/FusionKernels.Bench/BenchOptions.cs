namespace FusionKernels.Bench;

/// <summary>What a run of the benchmarks was asked to do.</summary>
/// <param name="Device">A device's name, or <c>all</c>.</param>
/// <param name="Filters">Parts of the names of cases; none for all.</param>
/// <param name="Machine">The machine's name; null for one made of its models.</param>
/// <param name="Folder">Where results go.</param>
/// <param name="Tiny">Whether cases are as small as they can be, to see that they run.</param>
internal sealed record BenchOptions(string Device, IReadOnlyList<string> Filters, string? Machine, string Folder, bool Tiny);
