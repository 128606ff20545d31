namespace FusionKernels.Tests.Warping;

/// <summary>What aeon 1.5 answers: its docstrings and tests, and its own code run on the same series.</summary>
internal static class ElasticAnswers
{
    private static readonly double[] s_x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    private static readonly double[] s_y = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
    private static readonly double[] s_z = [42, 23, 21, 55, 1, 19, 33, 34, 29, 19];
    private static readonly double[] s_u = [0, 0, 1, 2, 1, 0, 1, 0, 0];
    private static readonly double[] s_v = [0, 1, 2, 0, 0, 0, 0, 0, 0];
    private static readonly double[] s_w = [1, 2, 0, 0, 0, 0, 0, 1];

    // Channels are rows here, as there.
    private static readonly double[][] s_wideX = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [0, 1, 0, 2, 0]];
    private static readonly double[][] s_wideY = [[11, 12, 13, 14], [7, 8, 9, 20], [1, 3, 4, 5]];

    /// <summary>expected_distance_results.py: two series of ten random numbers.</summary>
    public static readonly double[] First =
    [
        0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977, 0.14675589081711304,
        0.0923385947687978, 0.1862602113776709, 0.34556072704304774, 0.39676747423066994, 0.538816734003357,
    ];

    /// <summary>The other one.</summary>
    public static readonly double[] Second =
    [
        0.43599490214200376, 0.025926231827891333, 0.5496624778787091, 0.4353223926182769, 0.42036780208748903,
        0.3303348210038741, 0.2046486340378425, 0.6192709663506637, 0.29965467367452314, 0.26682727510286663,
    ];

    /// <summary>The pairs of series that <see cref="Table"/> answers for, time x channels.</summary>
    public static readonly (string Name, double[][] X, double[][] Y)[] Pairs =
    [
        ("x, y", Steps(s_x), Steps(s_y)), ("x, z", Steps(s_x), Steps(s_z)), ("u, v", Steps(s_u), Steps(s_v)),
        ("u, w", Steps(s_u), Steps(s_w)), ("w, u", Steps(s_w), Steps(s_u)), ("X, Y", Turned(s_wideX), Turned(s_wideY)),
    ];

    /// <summary>Measures and their answers for <see cref="Pairs"/>.</summary>
    public static readonly (ElasticOptions Options, double[] Answers)[] Table =
    [
        (new DdtwOptions(), [0, 2179.9375, 2.1875, 2.625, 2.625, 11.8125]),
        (new DdtwOptions { Window = LibraryWindows.Aeon(0.2) }, [0, 2179.9375, 2.1875, 6.625, 6.625, 15.625]),
        (new WdtwOptions(), [356.50177995928544, 3031.085202019742, 0.9003474222183012, 2.2694854710628465, 2.2694854710628465, 270.1582021799936]),
        (new WdtwOptions { Steepness = 0.5 }, [75.85818002124354, 535.9380418500856, 0.24339666293079898, 0.7094934646869067, 0.7094934646869067, 165.5138435193607]),
        (new WdtwOptions { Steepness = 0 }, [384, 3410, 1, 2.5, 2.5, 282]),
        (new WdtwOptions { OfDerivatives = true }, [0, 981.3337504836304, 1.005281860717009, 1.2375887334849516, 1.2375887334849516, 5.812907686569808]),
        (new AdtwOptions(), [783, 6826, 4, 8, 8, 565]),
        (new AdtwOptions { Penalty = 0.1 }, [769.6, 6820.6, 2.2, 5.3, 5.3, 564.1]),
        (new AdtwOptions { Penalty = 10 }, [884, 6879, 8, 20, 20, 574]),
        (new ErpOptions(), [100, 225, 2, 3, 3, 50.50705169891696]),
        (new ErpOptions { Gap = 1 }, [100, 223, 4, 4, 4, 49.24134500086565]),
        (new ErpOptions { Gap = 0.5 }, [100, 224, 3, 4.5, 4.5, 49.84812655069725]),
        (new ErpOptions { Window = LibraryWindows.Aeon(0.2) }, [100, 225, 2, 7, 7, 55.56568524624186]),
        (new LcssOptions(), [0.9, 0.9, 1 / 9.0, 0.125, 0.125, 1]),
        (new LcssOptions { Tolerance = 0.5 }, [1, 0.9, 1 / 3.0, 0.375, 0.375, 1]),
        (new LcssOptions { Tolerance = 0 }, [1, 0.9, 1 / 3.0, 0.375, 0.375, 1]),
        (new LcssOptions { Window = LibraryWindows.Aeon(0.1) }, [1, 1, 4 / 9.0, 0.5, 0.5, 1]),
        (new EdrOptions(), [1, 0.9, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0.8]),
        (new EdrOptions { Tolerance = 0.5 }, [1, 0.9, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0.8]),
        (new EdrOptions { Tolerance = 1 }, [1, 0.9, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0.8]),
        (new EdrOptions { Window = LibraryWindows.Aeon(0.2) }, [1, 0.9, 1 / 3.0, 2 / 3.0, 2 / 3.0, 1]),
        (new MsmOptions(), [36, 121, 4, 7, 7, 43]),
        (new MsmOptions { Cost = 0.1 }, [20.8, 108.4, 2.2, 3.7, 3.7, 32.3]),
        (new MsmOptions { Window = LibraryWindows.Aeon(0.2) }, [37, 121, 4, 8, 8, 67]),
        (new TweOptions(), [46.018, 219.014, 6.008, 10.019, 10.019, 40.741663095827654]),
        (new TweOptions { Stiffness = 0.1, Penalty = 0.5 }, [38.8, 213.4, 5.8, 10.2, 10.2, 37.934663095827666]),
        (new TweOptions { Window = LibraryWindows.Aeon(0.2) }, [46.018, 219.014, 6.008, 14.015, 14.015, 78.53429952951869]),
    ];

    /// <summary>Measures and their answers for <see cref="First"/> and <see cref="Second"/>.</summary>
    public static readonly (ElasticOptions Options, double Answer)[] OfRandomNumbers =
    [
        (new DdtwOptions(), 0.2963709096971962), (new WdtwOptions(), 0.1538864581011592), (new WdtwOptions { OfDerivatives = true }, 0.13485501732653973),
        (new ErpOptions(), 1.521474398564429), (new LcssOptions(), 0), (new EdrOptions(), 0.7), (new TweOptions(), 4.86544682316226),
        (new MsmOptions(), 2.5687181410313746), (new AdtwOptions(), 1.0924085990342982),
    ];

    /// <summary>Measures and their answers for the single samples 10 and 15.</summary>
    public static readonly (ElasticOptions Options, double Answer)[] OfSingleSamples =
    [
        (new WdtwOptions(), 12.343758137512241), (new LcssOptions(), 1), (new ErpOptions(), 5), (new TweOptions(), 5), (new MsmOptions(), 5), (new AdtwOptions(), 25),
    ];

    /// <summary>test_distance_correctness.py: measures and their answers for the first two training cases of BasicMotions, to the digits printed there.</summary>
    public static readonly (ElasticOptions Options, double Answer)[] OfMotions =
    [
        (new DdtwOptions { Window = LibraryWindows.Aeon(0) }, 297.18771), (new DdtwOptions { Window = LibraryWindows.Aeon(0.1) }, 160.513116), (new DdtwOptions(), 160.29823),
        (new WdtwOptions { Steepness = 0 }, 165.41724), (new WdtwOptions { Steepness = 0.1 }, 3.308425), (new WdtwOptions { Steepness = 1 }, 0),
        (new WdtwOptions { Steepness = 0, OfDerivatives = true }, 80.149117), (new WdtwOptions { Steepness = 0.1, OfDerivatives = true }, 1.458858),
        (new ErpOptions { Window = LibraryWindows.Aeon(0) }, 169.3715), (new ErpOptions { Window = LibraryWindows.Aeon(0.1) }, 102.0979), (new ErpOptions(), 102.097904),
        (new LcssOptions { Tolerance = 0 }, 1), (new LcssOptions { Tolerance = 1 }, 0.26), (new LcssOptions { Tolerance = 4 }, 0.05),
        (new EdrOptions { Tolerance = 0 }, 1), (new EdrOptions { Tolerance = 1 }, 0.26), (new EdrOptions { Tolerance = 4 }, 0.07),
        (new TweOptions { Window = LibraryWindows.Aeon(0) }, 338.484216), (new TweOptions { Window = LibraryWindows.Aeon(0.1) }, 173.35967), (new TweOptions(), 173.35967),
        (new MsmOptions { Cost = 0 }, 84.360211), (new MsmOptions { Cost = 0.2 }, 140.137889), (new MsmOptions { Cost = 3 }, 262.693992),
    ];

    /// <summary>A series of one channel as steps.</summary>
    public static double[][] Steps(double[] series) => Array.ConvertAll(series, value => new[] { value });

    private static double[][] Turned(double[][] channels) =>
        [.. Enumerable.Range(0, channels[0].Length).Select(step => Array.ConvertAll(channels, channel => channel[step]))];
}
