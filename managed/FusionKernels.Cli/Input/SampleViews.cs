using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>The two small tables that come with the tool: Linnerud's, of 20 men, three physiological measures and three exercises.</summary>
internal static class SampleViews
{
    /// <summary>What stands for the tables on a command line.</summary>
    public const string Name = "linnerud";

    /// <summary>The physiological measures: weight, waist, pulse.</summary>
    public static Tensor<double> Physiological => Read("linnerud_physiological.csv");

    /// <summary>The exercises: chins, sit-ups, jumps.</summary>
    public static Tensor<double> Exercise => Read("linnerud_exercise.csv");

    private static Tensor<double> Read(string resource)
    {
        using Stream packed = typeof(SampleViews).Assembly.GetManifestResourceStream(resource)!;
        using MemoryStream stream = new();
        packed.CopyTo(stream);
        stream.Position = 0;
        return Csv.Read(stream, resource).ToTensor<double>();
    }
}
