using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <content>Alignments of series.</content>
internal static partial class PublicCalls
{
    private static IEnumerable<PublicCall> Warping()
    {
        const string family = "warping";
        Tensor<float> x = s_series[0], y = s_series[3], costs = Absolute(Matrix(30, 11, 13)), stream = Matrix(31, 90, 2);
        ClassLabels labels = ClassLabels.From(["a", "b", "a", "b", "a", "b", "a"]);
        DtwOptions options = new() { Window = WarpingWindow.Radius(6) };
        SoftDtwOptions soft = new() { Gamma = 0.5 };
        yield return new(family, "Dtw.Distance", site => Dtw.Distance(x, y, site.In(options)));
        yield return new(family, "Dtw.Distances", site => Dtw.Distances(s_series, site.In(options)));
        yield return new(family, "Dtw.Distances of two sets", site => Dtw.Distances(s_series, s_more, site.In(options)));
        yield return new(family, "Dtw.Align", site => Dtw.Align(x, y, site.In(options)));
        yield return new(family, "Dtw.AlignCosts", site => Dtw.AlignCosts(costs, site.In(new DtwOptions())));
        yield return new(family, "Dtw.CostMatrix", site => Dtw.CostMatrix(x, y, site.In(options)));
        yield return new(family, "Dtw.DistanceOfCosts", site => Dtw.DistanceOfCosts(costs, site.In(new DtwOptions())));
        yield return new(family, "Dtw.CostMatrixOfCosts", site => Dtw.CostMatrixOfCosts(costs, site.In(new DtwOptions())));
        yield return new(family, "Dtw.Neighbours", site => Dtw.Neighbours(s_series, 2, site.In(options)));
        yield return new(family, "Dtw.Subsequences", site => Dtw.Subsequences(x, stream, 2, site.In(new DtwOptions())));
        yield return new(family, "DtwSearch.Find", site => Matches(DtwSearch.Find(Matrix(32, 8), Matrix(33, 120), site.In(new DtwSearchOptions()))));
        yield return new(family, "DtwSearch.Find of vectors", site => Matches(DtwSearch.Find(Matrix(32, 8, 2), Matrix(33, 60, 2), site.In(new DtwSearchOptions()))));
        yield return new(family, "DtwClassifier.Fit", site => DtwClassifier<float>.Fit(s_series, labels, 1, site.In(options)).Predict(s_more).Indices);
        yield return new(family, "DtwClassifier.ChooseWindow", site => DtwClassifier<float>.ChooseWindow(new TimeSeriesSet<float>("t", s_series, labels), [0, 0.5], 1, site.In(new DtwOptions())));
        yield return new(family, "LowerBounds.Keogh", site => LowerBounds.Keogh(Flat(Matrix(34, 20)), Flat(Matrix(35, 20)), site.In(options)), OnHostOnly: true);
        yield return new(family, "LowerBounds.Improved", site => LowerBounds.Improved(Flat(Matrix(34, 20)), Flat(Matrix(35, 20)), site.In(options)), OnHostOnly: true);
        yield return new(family, "LowerBounds.Webb", site => LowerBounds.Webb(Flat(Matrix(34, 20)), Flat(Matrix(35, 20)), site.In(options)), OnHostOnly: true);
        yield return new(family, "LowerBounds.Kim", site => LowerBounds.Kim(Flat(Matrix(34, 20)), Flat(Matrix(35, 20)), site.In(options)), OnHostOnly: true);
        yield return new(family, "MovingStatistics.Compute", site => MovingStatistics.Compute(Matrix(36, 4, 30), 5, MovingStatistic.Mean, site.Plain));
        yield return new(family, "SoftDtw.Value", site => SoftDtw.Value(x, y, site.In(soft)));
        yield return new(family, "SoftDtw.ValueAndGradient", site => SoftDtw.ValueAndGradient(x, y, site.In(soft)));
        yield return new(family, "SoftDtw.ValuesAndGradients", site => SoftDtw.ValuesAndGradients(s_series[..5], s_more, site.In(soft)));
        yield return new(family, "SoftDtw.Divergence", site => SoftDtw.Divergence(x, y, site.In(soft)));
        yield return new(family, "SoftDtw.DivergenceAndGradient", site => SoftDtw.DivergenceAndGradient(x, y, site.In(soft)));
        yield return new(family, "SoftDtw.Divergences", site => SoftDtw.Divergences(s_series, site.In(soft)));
        yield return new(family, "SoftDtw.Distances", site => SoftDtw.Distances(s_series, s_more, site.In(soft)));
        yield return new(family, "SoftDtw.ExpectedAlignment", site => SoftDtw.ExpectedAlignment(x, y, site.In(soft)));
        yield return new(family, "GlobalAlignment.Gram", site => GlobalAlignment.Gram(s_series, site.In(new GlobalAlignmentOptions())));
        yield return new(family, "GlobalAlignment.Fit", site => GlobalAlignment.Fit(s_series, site.In(new GlobalAlignmentOptions())));
        yield return new(family, "GlobalAlignment.Log", site => GlobalAlignment.Log(x, y, site.In(new GlobalAlignmentOptions())));
        yield return new(family, "GlobalAlignment.Value", site => GlobalAlignment.Value(x, y, site.In(new GlobalAlignmentOptions())));
        yield return new(family, "Barycenter.Dba", site => Barycenter.Dba(s_series, site.In(new DbaOptions { Iterations = 3 })));
        yield return new(family, "Barycenter.Soft", site => Barycenter.Soft(s_series, site.In(new SoftBarycenterOptions { Iterations = 3 })));
        yield return new(family, "Barycenter.Medoid", site => Barycenter.Medoid(s_series, site.In(options)));
    }

    private static IEnumerable<PublicCall> Elastic()
    {
        const string family = "elastic distances";
        (string Name, Func<CallSite, object> Run)[] all =
        [
            ("Adtw", site => ElasticDistance.Adtw(s_series, s_more, site.In(new AdtwOptions()))),
            ("Ddtw", site => ElasticDistance.Ddtw(s_series, s_more, site.In(new DdtwOptions()))),
            ("Edr", site => ElasticDistance.Edr(s_series, s_more, site.In(new EdrOptions()))),
            ("Erp", site => ElasticDistance.Erp(s_series, s_more, site.In(new ErpOptions()))),
            ("Frechet", site => ElasticDistance.Frechet(s_series, s_more, site.In(new FrechetOptions()))),
            ("Lcss", site => ElasticDistance.Lcss(s_series, s_more, site.In(new LcssOptions()))),
            ("Msm", site => ElasticDistance.Msm(s_series, s_more, site.In(new MsmOptions()))),
            ("ShapeDtw", site => ElasticDistance.ShapeDtw(s_series, s_more, site.In(new ShapeDtwOptions()))),
            ("Twe", site => ElasticDistance.Twe(s_series, s_more, site.In(new TweOptions()))),
            ("Wdtw", site => ElasticDistance.Wdtw(s_series, s_more, site.In(new WdtwOptions()))),
            ("Align", site => ElasticDistance.Align(s_series[0], s_series[3], site.In(new TweOptions()))),
            ("CostMatrix", site => ElasticDistance.CostMatrix(s_series[0], s_series[3], site.In(new TweOptions()))),
            ("Between", site => ElasticDistance.Between(s_series, s_more, site.In(new TweOptions()))),
        ];
        return all.Select(one => new PublicCall(family, $"ElasticDistance.{one.Name}", one.Run));
    }

    private static Tensor<float> Absolute(Tensor<float> tensor) => Tensor.Abs<float>(tensor);

    /// <summary>The answer; which stage removed a window depends on the order in which matches are found.</summary>
    private static float[] Matches(DtwSearchResult<float> found) => [.. found.Matches.SelectMany(match => (float[])[match.Position, match.Distance])];

    private static float[] Flat(Tensor<float> tensor)
    {
        float[] values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
