using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>gram</c>: the Gram matrix of one file, or of the rows of one against the rows of another.</summary>
internal sealed class GramCommand : GenericVerb
{
    /// <summary>Up to these bytes a matrix is held in memory and written when it is complete.</summary>
    private const long LargestWhole = 256L << 20;

    private readonly Argument<string> _x = new("X") { Description = $"rows x features: {MatrixFile.Forms}." };

    private readonly Argument<string?> _y = new("Y")
    {
        Description = "columns x features; without it, the symmetric matrix of X.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly KernelOptions _kernel = new();

    private readonly Option<string> _output = new("--output")
    {
        Description = "The .npy file to write.",
        HelpName = "K.npy",
        Required = true,
    };

    private readonly Option<bool> _center = new("--center") { Description = "Centre in feature space, by the means of Y, or of X alone." };
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Divide by sqrt(k(x,x) k(y,y)); before centring where both are asked for." };

    /// <summary>Declares the verb.</summary>
    public GramCommand()
        : base(
            "gram",
            "Compute the kernel matrix of the rows of X, or of the rows of X against the rows of Y. A large one is written block by block; after an interruption the same command goes on.",
            float64ByDefault: false,
            "gram x.npy --kernel rbf --gamma 0.1 --output k.npy",
            "gram test.csv train.csv --kernel laplacian --center --output k.npy --precision float64",
            "gram views.npz:pixels --kernel matern --nu 2.5 --length-scale 3 --output k.npy --device cuda:0 --json")
    {
        Add(_x);
        Add(_y);
        _kernel.AddTo(this);
        Add(_center);
        Add(_normalize);
        Add(_output);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        GramResult result = Compute<T>(arguments, terminal, cancellation);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result);
    }

    private static void Show(IAnsiConsole console, GramResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.Rows} x {result.Columns}[/] {result.Kernel} of {result.Features} features");
        string speed = $"{Units.Seconds(result.Seconds)}, {Units.Flops(result.Gflops * 1e9)}, {Units.Bytes(result.PeakBytes)} at the most";
        console.MarkupLineInterpolated($"{result.Device}, {result.Precision}: {speed}");
        if (result.ResumedRows > 0) console.MarkupLineInterpolated($"{result.ResumedRows} rows were there from an interrupted run");
        console.MarkupLineInterpolated($"written to [green]{result.Output}[/]");
    }

    private GramResult Compute<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What was typed is checked first, then the files, then the device: each error costs the least.
        string name = _kernel.Name(arguments);
        Kernel? chosen = _kernel.Make<T>(arguments);
        string pathX = arguments.GetRequiredValue(_x), output = arguments.GetRequiredValue(_output);
        string? pathY = arguments.GetValue(_y);
        if (chosen is null && pathY is not null) throw new UsageException("the precomputed kernel takes one file, the matrix itself; leave Y out");
        OutputFile.RequireKind("--output", output, ".npy", [MatrixFile.PathOf(pathX), .. pathY is null ? [] : new[] { MatrixFile.PathOf(pathY) }]);

        Tensor<T> x = MatrixFile.Read<T>(pathX);
        Tensor<T>? y = pathY is null ? null : MatrixFile.Read<T>(pathY);
        RequireFit(pathX, x, pathY, y);
        Kernel kernel = chosen ?? KernelChoice.OfMatrix(pathX, x);
        if (arguments.GetValue(_normalize)) kernel = kernel.Normalized();
        if (arguments.GetValue(_center)) kernel = kernel.Centered();
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double));
        (ExecutionReport report, int resumedRows) = terminal.WithProgress(
            $"{name} on {device.Description.Name}",
            progress => Write(output, x, y, kernel, device, arguments.GetValue(Threads), progress, cancellation));
        int rows = (int)x.Lengths[0];
        double flops = rows == 0 ? 0 : report.Flops * (rows - resumedRows) / rows;
        return new(
            rows,
            (int)(y ?? x).Lengths[0],
            (int)x.Lengths[1],
            kernel.ToString(),
            device.Description.Name,
            report.Precision,
            report.TotalSeconds,
            flops / report.TotalSeconds / 1e9,
            report.PeakBytes,
            output,
            resumedRows);
    }

    /// <summary>Small matrices are computed whole, at half the work where they are symmetric; large ones go to the disk block by block and can be resumed.</summary>
    private static (ExecutionReport Report, int ResumedRows) Write<T>(
        string output, Tensor<T> x, Tensor<T>? y, Kernel kernel, ComputeDevice device, int threads, IProgress<Step> progress, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ExecutionReport? report = null;
        GramFileOptions options = new()
        {
            Device = device,
            Threads = threads,
            Cancellation = cancellation,
            Progress = new FractionProgress(progress),
            Report = told => report = told,
        };
        GramPlanSummary plan = Gram.Plan<T>((int)x.Lengths[0], (int?)y?.Lengths[0], (int)x.Lengths[1], kernel, options);
        if (plan.ResultBytes > LargestWhole)
        {
            try
            {
                MatrixFileSummary written = y is null ? Gram.ComputeTo(output, x, kernel, options) : Gram.ComputeTo(output, x, y, kernel, options);
                return (report!, written.ResumedRows);
            }
            catch (OperationCanceledException)
            {
                throw new ResumableInterruption("cancelled; the same command goes on where this one stopped");
            }
        }

        Tensor<T> gram = y is null ? Gram.Compute(x, kernel, options) : Gram.Compute(x, y, kernel, options);
        cancellation.ThrowIfCancellationRequested();
        Npy.Write(output, gram);
        return (report!, 0);
    }

    private static void RequireFit<T>(string pathX, Tensor<T> x, string? pathY, Tensor<T>? y)
    {
        if (x.Lengths[1] == 0) throw new DataException($"{pathX} has no features");
        if (y is null || y.Lengths[1] == x.Lengths[1]) return;
        throw new DataException($"{pathX} has {x.Lengths[1]} features, {pathY} has {y.Lengths[1]}: both need the same features in the same order");
    }
}
