using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted <see cref="KernelFusion"/>. Immutable and thread-safe.</summary>
public sealed partial class KernelFusionModel : FusionModel
{
    private readonly IFused _fused;

    private KernelFusionModel(string strategy, Views views, IFused fused, KernelWeightsResult weights)
        : base(strategy, views) => (_fused, Weighting) = (fused, weights);

    /// <summary>How the model computes, whatever its element.</summary>
    private interface IFused
    {
        int[]? Predict(KernelFusionModel model, Views rows, ExecutionOptions? options);

        Tensor<double> Probabilities(KernelFusionModel model, Views rows, ExecutionOptions? options);

        Tensor<double> Values(KernelFusionModel model, Views rows, ExecutionOptions? options);

        bool IsKept { get; }

        void Write(ModelStateWriter file);
    }

    /// <summary>By view: its weight; they add up to 1. Equal ones of a product.</summary>
    public IReadOnlyList<double> Weights => Weighting.Weights;

    /// <summary>The weights with what they were made from: alignments, weights of classes.</summary>
    public KernelWeightsResult Weighting { get; }

    /// <inheritdoc/>
    public override int[] Predict(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(Predict), rows, options, quiet =>
        {
            if (_fused.Predict(this, rows, quiet) is not { } labels) return Likeliest(Probabilities(rows, quiet));
            bool[] isBare = Bare(rows);
            int likeliest = Classes[Prior.ToList().IndexOf(Prior.Max())];
            for (int i = 0; i < labels.Length; i++)
            {
                if (isBare[i]) labels[i] = likeliest;
            }

            return labels;
        });
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(PredictProbabilities), rows, options, quiet => Probabilities(rows, quiet));
    }

    private Tensor<double> Probabilities(Views rows, ExecutionOptions? options)
    {
        Tensor<double> probabilities = _fused.Probabilities(this, rows, options);
        bool[] isBare = Bare(rows);
        TensorSpan<double> cells = probabilities.AsTensorSpan();
        for (int i = 0; i < isBare.Length; i++)
        {
            for (int c = 0; c < Classes.Count && isBare[i]; c++) cells[i, c] = Prior[c];
        }

        return probabilities;
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null) =>
        Classes.Count > 0 ? base.PredictValues(rows, options) : Told(nameof(PredictValues), rows, options, quiet => _fused.Values(this, rows, quiet));

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => OfWeights(rows, Weights, options);

    /// <summary>Fits kernels, weights and learner.</summary>
    internal static KernelFusionModel Fit<T>(Views views, KernelFusionOptions options, FusedKernelCache? cache)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Landmarks is { } landmarks) return FitAtLandmarks<T>(views, landmarks, options);
        (FusedKernel<T> kernel, KernelWeightsResult weighting) = Weighed<T>(views, options, cache);
        LearnedKernel<T> learned = KernelFusionFit.Learn(new FusedMatrix<T>(kernel.TrainGram(options)), views, options);
        return new(KernelFusionFit.NameOf(views, options), views, new Fused<T>(new(kernel, learned, views, options)), weighting);
    }

    /// <summary>The views' kernels with their weights.</summary>
    private static (FusedKernel<T> Kernel, KernelWeightsResult Weighting) Weighed<T>(Views views, KernelFusionOptions options, FusedKernelCache? cache)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FusedKernel<T> equal = cache?.Of<T>(views, options) ?? KernelFusionFit.Kernels<T>(views, options);
        KernelWeightsResult weighting = KernelFusionFit.Weigh(equal, views, options);
        return (KernelFusionFit.WithWeights(equal, views, [.. weighting.Weights], options), weighting);
    }

    /// <summary>Fits kernels and weights to landmarks, and a learner to all rows against them.</summary>
    private static KernelFusionModel FitAtLandmarks<T>(Views views, NystromOptions landmarks, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ExecutionOptions host = KernelFusionFit.OnHost(options);
        (Views Rows, FusedKernel<T> Kernel, KernelWeightsResult Weighting, Tensor<T> Columns)? chosen = null;
        NystromFactor factor = Nystrom.Fit(views.Rows, Against, landmarks with { Device = host.Device, Threads = host.Threads, Cancellation = host.Cancellation, Progress = null, Report = host.Report });
        (Views rows, FusedKernel<T> fused, KernelWeightsResult weights, Tensor<T> against) = chosen!.Value;
        LearnedKernel<T> learned = KernelFusionFit.Learn(new FusedMatrix<T>(against, factor), views, options);
        return new(KernelFusionFit.NameOf(views, options), views, new Fused<T>(new(fused, learned, views, options, rows, [.. factor.Landmarks])), weights);

        Tensor<T> Against(int[] numbers)
        {
            Views few = views.Take(numbers);
            (FusedKernel<T> kernel, KernelWeightsResult weighting) = Weighed<T>(few, options, null);
            Tensor<T> columns = kernel.AgainstKept(views, options);
            chosen = (few, kernel, weighting, columns);
            return columns;
        }
    }

    private sealed class Fused<T>(PresencePatterns<T> patterns) : IFused
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public bool IsKept => patterns.Whole.IsKept && !Array.Exists(patterns.Kernel.Bandwidths, double.IsNaN);

        public void Write(ModelStateWriter file)
        {
            file.Add("bandwidths", patterns.Kernel.Bandwidths);
            patterns.WriteLandmarks(file);
            patterns.Whole.Write(file);
        }

        public int[]? Predict(KernelFusionModel model, Views rows, ExecutionOptions? options)
        {
            if (patterns.Whole is not LearnedKernel<T>.Machines) return null;
            int[] labels = new int[rows.Rows];
            patterns.Each(rows, model.Match(rows), model.Views, options, probabilities: false, (learned, gram, numbers) =>
            {
                int[] own = learned.Predict(gram, KernelFusionFit.OnHost(options))!;
                for (int i = 0; i < numbers.Length; i++) labels[numbers[i]] = own[i];
            });
            return labels;
        }

        public Tensor<double> Probabilities(KernelFusionModel model, Views rows, ExecutionOptions? options) =>
            Told(model, rows, options, (learned, gram) => learned.Probabilities(gram, KernelFusionFit.OnHost(options)));

        public Tensor<double> Values(KernelFusionModel model, Views rows, ExecutionOptions? options) =>
            Told(model, rows, options, (learned, gram) => learned.Values(gram, KernelFusionFit.OnHost(options)));

        private Tensor<double> Told(KernelFusionModel model, Views rows, ExecutionOptions? options, Func<LearnedKernel<T>, Tensor<T>, Tensor<double>> ask)
        {
            double[] all = [];
            int columns = model.Classes.Count;
            patterns.Each(rows, model.Match(rows), model.Views, options, probabilities: true, (learned, gram, numbers) =>
            {
                Tensor<double> own = ask(learned, gram);
                columns = (int)own.Lengths[1];
                if (all.Length == 0) all = HostArray.Create<double>("KernelFusionModel.Predict", rows.Rows, columns);
                for (int i = 0; i < numbers.Length; i++)
                {
                    for (int c = 0; c < columns; c++) all[(numbers[i] * columns) + c] = own[i, c];
                }
            });
            return Tensor.Create(all, [rows.Rows, columns]);
        }
    }
}
