using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Warping.Costs;
using FusionKernels.Kernels.Warping.Rules;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Every form of the team kernel that there is, and the only way to one: what is not listed here cannot be launched.</summary>
/// <remarks>
/// The common rules have forms of their own for one channel under the squared or the absolute difference, of which the latter is
/// the Euclidean cost, too; everything else, and all that a group shares, goes through a rule's general form, which is told the
/// cost at the launch.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal static class WarpingKernelTable<T>
    where T : unmanaged
{
    private static readonly Dictionary<(Type Rule, WarpingForm Form), IWarpingKernel> s_kernels = Fill();

    /// <summary>All of them.</summary>
    public static IEnumerable<DeviceKernel> All => s_kernels.Values.Select(kernel => kernel.Kernel);

    /// <summary>Whether a rule has a form of its own for one channel under a cost.</summary>
    public static bool Has<TRule>(WarpingForm form)
        where TRule : unmanaged, IWarpingRule<T> => s_kernels.ContainsKey((typeof(TRule), form));

    /// <summary>A form of the kernel for a rule.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static WarpingKernels<T, TRule> Get<TRule>(WarpingForm form)
        where TRule : unmanaged, IWarpingRule<T> => (WarpingKernels<T, TRule>)s_kernels[(typeof(TRule), form)];

    private static Dictionary<(Type Rule, WarpingForm Form), IWarpingKernel> Fill()
    {
        Dictionary<(Type Rule, WarpingForm Form), IWarpingKernel> kernels = [];
        AddOneChannel<Symmetric1Rule<T>, SquaredCost<T>>(PointCost.SquaredEuclidean);
        AddOneChannel<Symmetric1Rule<T>, AbsoluteCost<T>>(PointCost.Absolute);
        AddOneChannel<Symmetric2Rule<T>, SquaredCost<T>>(PointCost.SquaredEuclidean);
        AddOneChannel<Symmetric2Rule<T>, AbsoluteCost<T>>(PointCost.Absolute);
        AddOneChannel<AmercedRule<T>, SquaredCost<T>>(PointCost.SquaredEuclidean);
        AddOneChannel<FrechetRule<T>, AbsoluteCost<T>>(PointCost.Absolute);
        AddGeneral<Symmetric1Rule<T>>();
        AddGeneral<Symmetric2Rule<T>>();
        AddGeneral<AmercedRule<T>>();
        AddGeneral<FrechetRule<T>>();
        AddGeneral<WeightedRule<T>>();
        AddGeneral<GapRule<T>>();
        AddGeneral<CommonSubsequenceRule<T>>();
        AddGeneral<EditRule<T>>();
        AddGeneral<MoveSplitMergeRule<T>>();
        AddGeneral<TimeWarpEditRule<T>>();
        AddGeneral<SoftRule<T>>();
        AddGeneral<GlobalAlignmentRule<T>>();
        return kernels;

        void AddOneChannel<TRule, TCost>(PointCost cost)
            where TRule : unmanaged, IWarpingRule<T>
            where TCost : unmanaged, IPointCost<T>
        {
            AddTeams<TRule, TCost, WholeForm>(new(cost, HasWindow: false, WarpingTeamKind.Warp));
            AddTeams<TRule, TCost, WindowedForm>(new(cost, HasWindow: true, WarpingTeamKind.Warp));
            AddTeams<TRule, TCost, KeepingForm>(new(cost, HasWindow: true, WarpingTeamKind.Warp, Keeps: true));
        }

        void AddGeneral<TRule>()
            where TRule : unmanaged, IWarpingRule<T>
        {
            WarpingForm form = new(null, HasWindow: true, WarpingTeamKind.Warp);
            AddTeams<TRule, SquaredCost<T>, GeneralForm>(form);
            Add<TRule, SquaredCost<T>, GeneralForm, GroupTeam>(form with { Team = WarpingTeamKind.Group });
        }

        void AddTeams<TRule, TCost, TForm>(WarpingForm form)
            where TRule : unmanaged, IWarpingRule<T>
            where TCost : unmanaged, IPointCost<T>
            where TForm : unmanaged, IWarpingForm
        {
            Add<TRule, TCost, TForm, WarpTeam>(form);
            Add<TRule, TCost, TForm, LoneTeam>(form with { Team = WarpingTeamKind.Lone });
        }

        void Add<TRule, TCost, TForm, TTeam>(WarpingForm form)
            where TRule : unmanaged, IWarpingRule<T>
            where TCost : unmanaged, IPointCost<T>
            where TForm : unmanaged, IWarpingForm
            where TTeam : unmanaged, IWarpingTeam => kernels.Add(
                (typeof(TRule), form),
                DeviceLane.Create<WarpingKernels<T, TRule>>(
                    typeof(LaneWarpingKernels<,,,,,>), typeof(T), typeof(TRule), typeof(TCost), typeof(TForm), typeof(TTeam)));
    }
}
