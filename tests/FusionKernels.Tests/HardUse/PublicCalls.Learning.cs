using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <content>Attention, and what trains.</content>
internal static partial class PublicCalls
{
    private static IEnumerable<PublicCall> Attentions()
    {
        const string family = "attention";
        Tensor<float> q = Matrix(60, 2, 4, 13, 8), k = Matrix(61, 2, 2, 17, 8), v = Matrix(62, 2, 2, 17, 8), gradient = Matrix(63, 2, 4, 13, 8);
        Tensor<float> packedQ = Matrix(64, 20, 4, 8), packedK = Matrix(65, 20, 2, 8), packedV = Matrix(66, 20, 2, 8), packedGradient = Matrix(67, 20, 4, 8);
        Tensor<float> one = Matrix(68, 2, 4, 1, 8);
        AttentionOptions options = new() { Causal = CausalAlignment.BottomRight };
        int[] starts = [0, 7, 20];
        yield return new(family, "Attention.Forward", site => Attention.Forward(q, k, v, site.In(options)));
        yield return new(family, "Attention.ForwardWithLogSumExp", site => Attention.ForwardWithLogSumExp(q, k, v, site.In(options)));
        yield return new(family, "Attention.Backward", site => Attention.Backward(q, k, v, Attention.ForwardWithLogSumExp(q, k, v, site.In(options)), gradient, site.In(options)));
        yield return new(family, "Attention.Weights", site => Attention.Weights(q, k, site.In(options)));
        yield return new(family, "Attention.ForwardPacked", site => Attention.ForwardPacked(packedQ, packedK, packedV, starts, starts, site.In(options)));
        yield return new(family, "Attention.BackwardPacked", site => Attention.BackwardPacked(
            packedQ, packedK, packedV, starts, starts, Attention.ForwardPacked(packedQ, packedK, packedV, starts, starts, site.In(options)), packedGradient, site.In(options)));
        yield return new(family, "Attention.WeightsPacked", site => Attention.WeightsPacked(packedQ, packedK, starts, starts, site.In(options)));
        yield return new(family, "Attention.Decode", site =>
        {
            using KeyValueCache<float> cache = new(2, 2, 8, device: site.Device);
            cache.Append(k, v);
            return Attention.Decode(one, cache, site.In(options));
        });
        yield return new(family, "Attention.Forward resident", site => OnDevice(site, (device, onDevice) =>
        {
            using DeviceTensor<float> keys = device.Upload(k), values = device.Upload(v);
            return Attention.Forward(onDevice, keys, values, site.In(options));
        }, q));
        yield return new(family, "Attention.ForwardPacked resident", site => OnDevice(site, (device, onDevice) =>
        {
            using DeviceTensor<float> keys = device.Upload(packedK), values = device.Upload(packedV);
            using DeviceAttentionResult<float> result = Attention.ForwardPacked(onDevice, keys, values, starts, starts, site.In(options));
            return result.Download();
        }, packedQ));
    }

    private static IEnumerable<PublicCall> Learning()
    {
        const string family = "learning";
        const int epochs = 1, batch = 18;
        Views views = Views.Of(("a", View.Vectors(s_x)), ("b", View.Vectors(s_y)));
        yield return new(family, "Trainer.Fit", site =>
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> net = new(parameters, [6, 8, 3], Activation.Tanh);
            TrainingResult result = Trainer.Fit(parameters, new Adam(), Rows, CrossEntropy(net), site.Train(new TrainingOptions { Epochs = epochs, BatchSize = batch }));
            return (result.TrainingLosses, parameters.All.Select(parameter => parameter.Read()).ToArray());
        });
        yield return new(family, "DeepCanonicalCorrelation.Fit", site => DeepCanonicalCorrelation.Fit(s_x, s_y, site.Train(new DeepCanonicalCorrelationOptions { HiddenX = [7], Components = 2, Epochs = epochs })).TransformX(s_x));
        yield return new(family, "ContrastiveAlignment.Fit", site => ContrastiveAlignment.Fit(s_x, s_y, site.Train(new ContrastiveOptions { HiddenX = [7], Components = 3, Epochs = epochs, BatchSize = batch })).TransformX(s_x));
        yield return new(family, "AdversarialAlignment.Fit", site => AdversarialAlignment.Fit(s_x, s_y, site.Train(new AdversarialOptions { HiddenX = [7], Components = 3, Epochs = epochs, BatchSize = batch })).TransformX(s_x));
        yield return new(family, "AdversarialTranslation.Fit", site => AdversarialTranslation.Fit(s_x, s_y, site.Train(new TranslationOptions { HiddenX = [7], Epochs = epochs, BatchSize = batch })).TranslateX(s_x));
        yield return new(family, "AutoencoderAlignment.Fit", site => AutoencoderAlignment.Fit(s_x, s_y, site.Train(new AutoencoderOptions { Hidden = [7], Components = 3, Epochs = epochs, BatchSize = batch })).Transform("x", s_x));
        yield return new(family, "GraphAlignment.Fit", site => GraphAlignment.Fit(s_x, s_y, site.Train(new GraphAlignmentOptions { Neighbours = 3, Width = 8, Components = 4, Epochs = epochs, BatchSize = batch })).TransformX(s_x));
        yield return new(family, "CrossModalAlignment.Fit", site => CrossModalAlignment.Fit<float>(views, site.Train(new CrossModalOptions { Width = 8, Hidden = 8, Epochs = epochs, BatchSize = batch })).Transform("a", View.Vectors(s_x)));
    }

    private static BatchLoss<float> CrossEntropy(DenseLayers<float> net) => (tape, rows) =>
    {
        int[] labels = new int[rows.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = s_labels[rows[i]];
        return Loss.CrossEntropy(net.Forward(tape.Rows(s_x, rows)), labels);
    };
}
