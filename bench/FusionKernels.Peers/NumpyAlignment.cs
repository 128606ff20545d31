using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>ALIGNF by NumPy, in a process of its own that keeps the matrices: its answer takes no time to speak of.</summary>
internal sealed class NumpyAlignment : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "NumPy";

    private readonly string _file = Path.GetTempFileName();
    private readonly Process _python;
    private double[] _weights = [];

    /// <summary>Starts the process.</summary>
    /// <exception cref="DllNotFoundException">There is no python3 with NumPy.</exception>
    public NumpyAlignment(AlignmentCase ours, int threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Native", "alignf.py");
        ProcessStartInfo start = new("python3", [script, _file, $"{ours.Kernels}", $"{ours.Rows}", $"{AlignmentCase.Classes}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        using (FileStream file = File.Create(_file))
        {
            foreach (Tensor<float> gram in ours.Grams) file.Write(MemoryMarshal.AsBytes(gram.AsReadOnlyTensorSpan().GetSpan([0, 0], ours.Rows * ours.Rows)));
        }

        try
        {
            _python = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            File.Delete(_file);
            throw new DllNotFoundException("python3 is not installed");
        }

        Version = _python.StandardOutput.ReadLine() ?? "";
        File.Delete(_file);
        if (Version.Length == 0) throw new DllNotFoundException("python3 has no NumPy");
    }

    /// <summary>What it says that it is.</summary>
    public string Version { get; }

    /// <inheritdoc/>
    public override string Name => $"{Title} {Version.Split(' ')[^1]}";

    /// <inheritdoc/>
    public override void Run()
    {
        _python.StandardInput.WriteLine();
        string answer = _python.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"NumPy ended: {_python.StandardError.ReadToEnd()}");
        _weights = [.. answer.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _weights[column];

    /// <summary>Ends the process.</summary>
    public override void Dispose()
    {
        _python.StandardInput.Close();
        _python.WaitForExit();
        _python.Dispose();
    }
}
