using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The steps of fitting a <see cref="KernelFusionModel"/>.</summary>
internal static class KernelFusionFit
{
    /// <summary>Folds whose outputs a temperature is fitted to.</summary>
    private const int Folds = 5;

    /// <summary>What the model is called.</summary>
    public static string NameOf(Views views, KernelFusionOptions options) =>
        views.Count == 1 ? views.Names[0] : options.Weights is not null ? "kernel-weights" : NameOf(options.Weighting);

    /// <summary>The name of a weighting among strategies.</summary>
    public static string NameOf(KernelWeighting weighting) => weighting switch
    {
        KernelWeighting.Mean => "kernel-mean",
        KernelWeighting.Product => "kernel-product",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The same options for what runs on the host only.</summary>
    public static ExecutionOptions OnHost(ExecutionOptions? options) => new()
    {
        Device = options?.Device is { } device && HostExecution.IsHost(device) ? device : null,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
        Report = options?.Report,
    };

    /// <summary>Encodes the rows and fits a kernel to every view, with equal weights.</summary>
    /// <param name="views">The training rows.</param>
    /// <param name="options">How.</param>
    /// <param name="known">By view: the bandwidth of its kernel, from a file; null to fit them.</param>
    public static FusedKernel<T> Kernels<T>(Views views, KernelFusionOptions options, double[]? known = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ViewEncoder encoder = ViewEncoder.Fit(views, options.Scaling);
        double[] equal = [.. Enumerable.Repeat(1.0 / views.Count, views.Count)];
        Tensor<T> train = encoder.Encode<T>(views, [.. Enumerable.Range(0, views.Count)], views.Names, equal, isNew: false);
        foreach (string name in options.Kernels.Keys.Concat(options.Weights?.Keys ?? [])) _ = views[name];
        bool isProduct = options.Weighting == KernelWeighting.Product && options.Weights is null;
        if (isProduct && options.Centered) throw new ArgumentException($"{nameof(KernelFusionOptions.Centered)} is for sums of kernels: a product takes them as they are");
        if ((options.Centered || !options.Normalized) && options.Learner is KernelLearner.GaussianProcess or KernelLearner.LaplaceProcess)
        {
            throw new ArgumentException($"{options.Learner} takes kernels of k(x, x) = 1: leave {nameof(KernelFusionOptions.Centered)} false and {nameof(KernelFusionOptions.Normalized)} true");
        }

        double sharpness = isProduct ? views.Count : 1;
        ViewCentre[]? centres = options.Centered ? new ViewCentre[views.Count] : null;
        Kernel?[] kernels = new Kernel?[views.Count];
        ISourceKernel<T>?[] sources = new ISourceKernel<T>?[views.Count];
        double[] bandwidths = [.. Enumerable.Repeat(1.0, views.Count)];
        for (int m = 0; m < views.Count; m++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            bool isNamed = options.Kernels.TryGetValue(views.Names[m], out Kernel? named);
            if (encoder.IsFlat(m))
            {
                int[] present = views.RowsWith(m);
                bandwidths[m] = isNamed ? double.NaN : known?[m] ?? (Bandwidth.Of(train, present, encoder.RangeOf(m)) / sharpness);
                kernels[m] = !isNamed ? Kernel.Rbf(bandwidths[m]) : options.Normalized ? named!.Normalized() : named!;
                centres?[m] = ViewCentre.Fit(kernels[m]!.On(encoder.RangeOf(m)), encoder.Presence(m), train, present.Length, new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report });
                continue;
            }

            if (isNamed) throw new ArgumentException($"view '{views.Names[m]}' is of {views.At(m).Kind}: it takes no kernel of features");
            if (views.At(m).Kind == ViewKind.Gram)
            {
                sources[m] = SourceOf(new GivenGramKernel<T>(views, m), m);
                continue;
            }

            SeriesKernel<T> series = new(views, m, options.Sequences, sharpness, options, known?[m]);
            (sources[m], bandwidths[m]) = (SourceOf(series, m), series.Bandwidth);
        }

        return new(encoder, kernels, sources, train, equal, isProduct, views.IsComplete, bandwidths, centres);

        ISourceKernel<T> SourceOf(ISourceKernel<T> source, int m) => options.Centered ? new CentredSourceKernel<T>(source, views, m) : source;
    }

    /// <summary>The weights of the views.</summary>
    public static KernelWeightsResult Weigh<T>(FusedKernel<T> kernel, Views views, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Weights is { } given) return new(Given(views, given), [], null, double.NaN, 0);
        if (views.Count == 1 || options.Weighting is KernelWeighting.Mean or KernelWeighting.Product) return new(kernel.Weights, [], null, double.NaN, 0);
        if (views.Labels is null && options.Weighting == KernelWeighting.EasyMkl) throw FusionModel.ClassesOnly(NameOf(options.Weighting));
        List<Tensor<T>> grams = [.. Enumerable.Range(0, views.Count).Select(m => kernel.TrainGram(m, options))];
        ExecutionOptions host = OnHost(options);
        KernelWeightsOptions how = new() { Device = host.Device, Threads = host.Threads, Cancellation = host.Cancellation, Report = host.Report, Cost = options.Cost, Ridge = options.Ridge, Lambda = options.Lambda };
        if (views.Labels is null)
        {
            // Outputs count alike whatever their units.
            (double[] values, int outputs) = views.RequireTargets();
            Tensor<double> targets = Tensor.Create(StandardTargets.Of(values, outputs).Deviations, [views.Rows, outputs]);
            return options.Weighting switch
            {
                KernelWeighting.Align => KernelWeights.Align(grams, targets, how),
                KernelWeighting.AlignF => KernelWeights.AlignF(grams, targets, how),
                KernelWeighting.SimpleMkl => KernelWeights.SimpleMkl(grams, targets, how),
                var other => throw new ArgumentOutOfRangeException(nameof(options), other, "no such weighting"),
            };
        }

        int[] labels = views.RequireLabels();
        return options.Weighting switch
        {
            KernelWeighting.Align => KernelWeights.Align(grams, labels, how),
            KernelWeighting.AlignF => KernelWeights.AlignF(grams, labels, how),
            KernelWeighting.EasyMkl => KernelWeights.EasyMkl(grams, labels, how),
            KernelWeighting.SimpleMkl => KernelWeights.SimpleMkl(grams, labels, how),
            var other => throw new ArgumentOutOfRangeException(nameof(options), other, "no such weighting"),
        };
    }

    /// <summary>The same kernels with other weights, which the scale of rows with absent views follows.</summary>
    public static FusedKernel<T> WithWeights<T>(FusedKernel<T> kernel, Views views, double[] weights, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights.SequenceEqual(kernel.Weights)) return kernel;
        Tensor<T> train = kernel.Encoder.Encode<T>(views, [.. Enumerable.Range(0, views.Count)], views.Names, weights, isNew: false);
        return kernel.With(train, weights);
    }

    /// <summary>The same kernels of the views that weigh something, for rows that have all of these.</summary>
    public static FusedKernel<T> OfPresent<T>(FusedKernel<T> kernel, Views training, double[] weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isComplete = kernel.IsComplete || Enumerable.Range(0, training.Count).All(m => weights[m] == 0 || training.IsPresentEverywhere(m));
        // The scales of rows are read only where some lack a view.
        Tensor<T> train = isComplete ? kernel.Train : kernel.Encoder.Encode<T>(training, [.. Enumerable.Range(0, training.Count)], training.Names, weights, isNew: false);
        return kernel.With(train, weights, isComplete);
    }

    /// <summary>Learns from the fused matrix.</summary>
    public static LearnedKernel<T> Learn<T>(FusedMatrix<T> matrix, Views views, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ExecutionOptions host = OnHost(options);
        if (views.Labels is null)
        {
            return options.Learner switch
            {
                KernelLearner.Svm or KernelLearner.LaplaceProcess => throw new ArgumentException($"{options.Learner} learns classes: the views have targets; take Ridge or GaussianProcess"),
                KernelLearner.GaussianProcess => LearnedKernel<T>.Process.OfTargets(matrix, views, host),
                _ => RidgeOfTargets(matrix, views, options.Ridge, host),
            };
        }

        int[] labels = views.RequireLabels();
        return options.Learner switch
        {
            KernelLearner.Ridge => RidgeOfClasses(matrix, labels, options.Ridge, host),
            KernelLearner.GaussianProcess => LearnedKernel<T>.Process.OfClasses(matrix, labels, host),
            KernelLearner.LaplaceProcess => new LearnedKernel<T>.Laplace(matrix.Laplace(labels, host)),
            _ => new LearnedKernel<T>.Machines(matrix.Machines(labels, new()
            {
                Device = host.Device,
                Threads = host.Threads,
                Cancellation = host.Cancellation,
                Report = host.Report,
                Cost = options.Cost,
                Probabilities = options.Probabilities,
            })),
        };
    }

    private static double[] Given(Views views, IReadOnlyDictionary<string, double> given)
    {
        double[] weights = [.. views.Names.Select(name => given.GetValueOrDefault(name))];
        int wrong = Array.FindIndex(weights, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (wrong >= 0) throw new ArgumentException($"the weight of view '{views.Names[wrong]}' is {weights[wrong]}: weights are 0 or more");
        double sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(weight => weight / sum)] : throw new ArgumentException("all weights are 0");
    }

    private static LearnedKernel<T>.RidgeOfTargets RidgeOfTargets<T>(FusedMatrix<T> matrix, Views views, double ridge, ExecutionOptions host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double[] values, int outputs) = views.RequireTargets();
        double[] centred = (double[])values.Clone(), means = FusionModel.MeansOf(views);
        for (int at = 0; at < values.Length; at++) centred[at] -= means[at % outputs];
        return new(matrix.Ridge(Tensor.Create(centred, [views.Rows, outputs]), ridge, host), means);
    }

    private static LearnedKernel<T>.RidgeOfClasses RidgeOfClasses<T>(FusedMatrix<T> matrix, int[] labels, double ridge, ExecutionOptions host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelRidgeClassifier whole = matrix.RidgeOfClasses(labels, ridge, host);
        int[] classes = [.. whole.Classes];
        double[] scores = HostArray.Create<double>("KernelFusion", labels.Length, classes.Length);
        int[] order = [.. labels.Select((label, row) => (label, row)).OrderBy(one => one.label).ThenBy(one => one.row).Select(one => one.row)];
        for (int fold = 0; fold < Folds; fold++)
        {
            int[] held = [.. order.Where((_, at) => at % Folds == fold).Order()], rest = [.. order.Where((_, at) => at % Folds != fold).Order()];
            int[] known = [.. rest.Select(row => labels[row])];
            if (held.Length == 0 || known.Distinct().Count() < classes.Length) continue;
            Tensor<double> values = matrix.HeldOut(rest, known, held, ridge, host);
            for (int i = 0; i < held.Length; i++)
            {
                for (int c = 0; c < classes.Length; c++) scores[(held[i] * classes.Length) + c] = values[i, c];
            }
        }

        int[] own = [.. labels.Select(label => Array.BinarySearch(classes, label))];
        return new(whole, TemperatureCalibration.Fit(Tensor.Create(scores, [labels.Length, classes.Length]), own));
    }
}
